package io.caravan.market;

import io.caravan.codec.Cid;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The blocks of one graphsync message, each under the CID that hashing it gave. Not thread-safe. */
final class MessageBlocks {

    private final Map<Cid, byte[]> blocks = new HashMap<>();
    private final Set<Cid> unused;

    /** @throws io.caravan.codec.CodecException if a block's prefix is none that we can hash by */
    MessageBlocks(List<GraphsyncBlock> received) {
        received.forEach(block -> blocks.put(block.cid(), block.data()));
        unused = new HashSet<>(blocks.keySet());
    }

    byte @Nullable [] use(Cid cid) {
        unused.remove(cid);
        return blocks.get(cid);
    }

    /** A block that no link asked for. */
    Optional<Cid> unused() {
        return unused.stream().findFirst();
    }
}
