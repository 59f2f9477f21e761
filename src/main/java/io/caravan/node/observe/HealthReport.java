package io.caravan.node.observe;

import io.caravan.node.net.Diagnosis;
import io.caravan.node.net.Finding;
import java.util.List;

/**
 * How a role is.
 *
 * @param isLive whether the process works at all; only a restart helps where it does not
 * @param isReady whether it takes deals now
 * @param looks each check with what it found
 */
public record HealthReport(String role, boolean isLive, boolean isReady, List<Look> looks) {

    /**
     * What one check found.
     *
     * @param name the check's, in a word or two
     */
    public record Look(String name, List<Finding> findings) {}

    public HealthReport {
        looks = List.copyOf(looks);
    }

    public List<Finding> findings() {
        return looks.stream().flatMap(look -> look.findings().stream()).toList();
    }

    /** Whether nothing failed. */
    public boolean isHealthy() {
        return isLive && isReady && Diagnosis.isHealthy(findings());
    }
}
