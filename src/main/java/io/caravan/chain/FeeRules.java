package io.caravan.chain;

import io.caravan.store.MessageIntent;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which fee limit is for which kind of message; a kind is what its intents' keys begin with. */
public final class FeeRules {

    /** Messages that publish deals. */
    public static final String PUBLISH = "publish/";

    /** Messages that bring sectors onto the chain. */
    public static final String SECTOR = "sector/";

    private static final String BATCH = "/batch/";

    private final FeeLimit usual;
    private final Map<String, FeeLimit> kinds;

    private FeeRules(FeeLimit usual, Map<String, FeeLimit> kinds) {
        this.usual = usual;
        this.kinds = kinds;
    }

    /** The same limit for every message. */
    public static FeeRules of(FeeLimit usual) {
        return new FeeRules(usual, Map.of());
    }

    /** The same rules with another limit for messages whose keys begin so. */
    public FeeRules with(String kind, FeeLimit limit) {
        Map<String, FeeLimit> more = new LinkedHashMap<>(kinds);
        more.put(kind, limit);
        return new FeeRules(usual, Map.copyOf(more));
    }

    /** The key of a message for several, by which its limit is theirs together. */
    public static String batch(String key, int many) {
        return key + BATCH + many;
    }

    FeeLimit of(MessageIntent intent) {
        int batch = intent.key().lastIndexOf(BATCH);
        return batch < 0 ? kind(intent) : kind(intent).times(Integer.parseInt(intent.key().substring(batch + BATCH.length())));
    }

    private FeeLimit kind(MessageIntent intent) {
        return kinds.entrySet().stream().filter(kind -> intent.key().startsWith(kind.getKey())).map(Map.Entry::getValue)
                .findFirst().orElse(usual);
    }
}
