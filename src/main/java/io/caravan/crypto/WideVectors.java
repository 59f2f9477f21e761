package io.caravan.crypto;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * Whether this JVM can compute on wide vectors with profit. Code that uses them lies in classes that are loaded only
 * when it can: the module is an incubating one and has to be added at the start, as the launcher does.
 */
public final class WideVectors {

    /** System property; {@code off} keeps to plain code. */
    public static final String SWITCH = "caravan.lanes";

    private static final String MODULE = "jdk.incubator.vector";
    private static final int LEAST_BITS = 256;
    private static final int OPTIMISING_TIER = 4;

    private WideVectors() {
    }

    /** Why not, in words; empty when it can. */
    public static Optional<String> obstacle() {
        if ("off".equals(System.getProperty(SWITCH))) {
            return Optional.of("switched off by -D" + SWITCH + "=off");
        }
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of("started without --add-modules " + MODULE);
        }
        if (!isOptimising()) {
            return Optional.of("started without the optimising compiler");
        }
        int bits = VectorWidth.bits();
        return bits < LEAST_BITS ? Optional.of("vectors of " + bits + " bits only") : Optional.empty();
    }

    /** Without it each operation on a vector is a call and an object. */
    private static boolean isOptimising() {
        HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return vm != null && Integer.parseInt(vm.getVMOption("TieredStopAtLevel").getValue()) >= OPTIMISING_TIER;
    }
}
