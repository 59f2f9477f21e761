package io.caravan.node.observe;

import io.caravan.node.net.Finding;
import java.util.List;
import java.util.function.Supplier;

/**
 * One thing that health looks at.
 *
 * @param code what it says about itself begins with this where the look itself fails, such as {@code DB-01}
 * @param name in a word or two
 * @param holdsReady whether this role takes no deals while the look fails or finds a FAIL
 * @param look may take its time and may throw: nobody waits long for it
 */
public record HealthCheck(String code, String name, boolean holdsReady, Supplier<List<Finding>> look) {

    /** One that only informs. */
    public static HealthCheck of(String code, String name, Supplier<List<Finding>> look) {
        return new HealthCheck(code, name, false, look);
    }

    /** One without which no deal can be taken. */
    public static HealthCheck needed(String code, String name, Supplier<List<Finding>> look) {
        return new HealthCheck(code, name, true, look);
    }
}
