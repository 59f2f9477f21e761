package io.caravan.node.hawtio;

import java.util.Set;
import java.util.function.Predicate;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * What is open of one kind of MBean; what is not said here is closed.
 *
 * @param beans a pattern of names
 * @param attributes which attributes may be read
 * @param looks operations that only tell something, exactly as a caller writes them
 * @param acts operations that change what runs, for callers with the right to
 */
record JmxRule(ObjectName beans, Predicate<String> attributes, Set<String> looks, Set<String> acts) {

    private static final Predicate<String> ALL = attribute -> true;

    /** Every attribute, no operation. */
    static JmxRule reading(String beans) {
        return new JmxRule(name(beans), ALL, Set.of(), Set.of());
    }

    /** Only these attributes. */
    static JmxRule reading(String beans, Set<String> attributes) {
        return new JmxRule(name(beans), attributes::contains, Set.of(), Set.of());
    }

    JmxRule looks(String... operations) {
        return new JmxRule(beans, attributes, Set.of(operations), acts);
    }

    JmxRule acts(String... operations) {
        return new JmxRule(beans, attributes, looks, Set.of(operations));
    }

    /** All attributes but these. */
    JmxRule without(Set<String> hidden) {
        return new JmxRule(beans, attribute -> !hidden.contains(attribute), looks, acts);
    }

    private static ObjectName name(String pattern) {
        try {
            return new ObjectName(pattern);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException("not a name of MBeans: " + pattern, e);
        }
    }
}
