package io.caravan.libp2p;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Streams and their payload by protocol, since the start. Only protocols that were agreed on are counted, so peers invent none. */
final class ProtocolCounters {

    private static final int MOST = 64;
    private static final String OTHERS = "other";

    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    /** One protocol's. */
    record Counter(LongAdder streams, LongAdder in, LongAdder out) {

        static Counter zero() {
            return new Counter(new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    Counter of(String protocol) {
        Counter known = counters.get(protocol);
        return known != null ? known
                : counters.computeIfAbsent(counters.size() < MOST ? protocol : OTHERS, name -> Counter.zero());
    }

    Map<String, HostStats.Protocol> now() {
        return counters.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> new HostStats.Protocol(
                entry.getValue().streams().sum(), entry.getValue().in().sum(), entry.getValue().out().sum())));
    }
}
