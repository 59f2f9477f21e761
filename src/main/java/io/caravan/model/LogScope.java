package io.caravan.model;

import io.caravan.codec.Cid;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.MDC;

/**
 * What the lines that a thread logs are about, until it is closed: each line carries the deal's proposal CID, its side, its
 * trace. Scopes nest; what was before comes back.
 */
public final class LogScope implements AutoCloseable {

    private final Map<String, String> before;

    private LogScope(Map<String, String> about) {
        Map<String, String> known = MDC.getCopyOfContextMap();
        before = known == null ? Map.of() : known;
        Map<String, String> all = new HashMap<>(before);
        all.putAll(about);
        MDC.setContextMap(all);
    }

    /** About a deal, on one side. */
    public static LogScope of(Cid proposalCid, Role role) {
        return new LogScope(deal(proposalCid, role));
    }

    /** About a deal in the route of a state. */
    public static LogScope of(Cid proposalCid, Role role, DealState state) {
        Map<String, String> about = deal(proposalCid, role);
        about.put("route", state.wireName());
        return new LogScope(about);
    }

    /** About a sector in the route of a state. */
    public static LogScope of(SectorNumber sector, SectorState state) {
        return new LogScope(Map.of("sector", sector.toString(), "role", Role.PROVIDER.text(), "route", state.wireName()));
    }

    /** The same work, which logs about what this thread is about now wherever it runs. */
    public static Runnable carried(Runnable work) {
        Map<String, String> about = MDC.getCopyOfContextMap();
        return about == null || about.isEmpty() ? work : () -> {
            try (LogScope scope = new LogScope(about)) {
                work.run();
            }
        };
    }

    private static Map<String, String> deal(Cid proposalCid, Role role) {
        return new HashMap<>(Map.of("deal", proposalCid.toString(), "role", role.text(), "trace", DealTrace.id(proposalCid)));
    }

    @Override
    public void close() {
        MDC.setContextMap(before);
    }
}
