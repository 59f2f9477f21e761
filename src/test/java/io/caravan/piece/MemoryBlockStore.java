package io.caravan.piece;

import io.caravan.codec.Cid;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Blocks in memory, with a bound on their bytes: for single messages and tests, not for payloads. Not thread-safe. */
public final class MemoryBlockStore implements BlockStore {
    private final Map<Cid, byte[]> blocks = new HashMap<>();
    private final long maxBytes;
    private long bytes;

    public MemoryBlockStore(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean put(Block block) throws IOException {
        Block checked = Block.checked(block.cid(), block.data());
        if (blocks.containsKey(checked.cid())) {
            return false;
        }
        if (checked.data().length > maxBytes - bytes) {
            throw new IOException("More than " + maxBytes + " bytes of blocks");
        }
        bytes += checked.data().length;
        blocks.put(checked.cid(), checked.data());
        return true;
    }

    @Override
    public byte @Nullable [] find(Cid cid) {
        byte[] inline = BlockSource.inline(cid);
        return inline != null ? inline : blocks.get(cid);
    }

    @Override
    public boolean has(Cid cid) {
        return BlockSource.inline(cid) != null || blocks.containsKey(cid);
    }

    public int size() {
        return blocks.size();
    }
}
