package io.caravan.devnet;

import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import io.caravan.rpc.RpcException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The chain at one moment, immutable: readers never wait for the block maker. Young blocks are here, older ones come
 * from the {@link Archive}.
 */
final class ChainView implements Randomness {

    /** Blocks no longer in memory. */
    interface Archive {

        /** The last block at or below this height. */
        Optional<Block> floor(long height);

        Optional<Block> byCid(Cid cid);

        /** The height of the block that carries this message. */
        Optional<Long> heightOfMessage(Cid message);
    }

    private final Bytes seed;
    private final Archive archive;
    private final SharedMap<Long, Block> blocks;
    private final SharedMap<Cid, Long> byCid;
    private final SharedMap<Cid, Long> byMessage;

    private ChainView(Bytes seed, Archive archive, SharedMap<Long, Block> blocks, SharedMap<Cid, Long> byCid,
            SharedMap<Cid, Long> byMessage) {
        this.seed = seed;
        this.archive = archive;
        this.blocks = blocks;
        this.byCid = byCid;
        this.byMessage = byMessage;
    }

    static ChainView empty(Bytes seed, Archive archive) {
        return new ChainView(seed, archive, SharedMap.empty(), SharedMap.empty(), SharedMap.empty());
    }

    Block head() {
        Block head = blocks.last();
        if (head == null) {
            throw new IllegalStateException("the chain has no genesis");
        }
        return head;
    }

    int size() {
        return blocks.size();
    }

    /** The block with one more on top, or with another version of its head. */
    ChainView with(Block block) {
        SharedMap<Cid, Long> messages = byMessage;
        for (SignedMessage message : block.messages()) {
            messages = messages.with(message.cid(), block.height()).with(message.message().cid(), block.height());
        }
        return new ChainView(seed, archive, blocks.with(block.height(), block), byCid.with(block.cid(), block.height()),
                messages);
    }

    /** The chain without its head. */
    ChainView withoutHead() {
        return without(head());
    }

    /** Lets go of states and blocks that are too old to be asked for often. */
    ChainView trimmed(int statesKept, int blocksKept) {
        ChainView trimmed = this;
        while (trimmed.blocks.size() > blocksKept) {
            trimmed = trimmed.without(trimmed.blocks.get(trimmed.blocks.firstKey()));
        }
        Block aged = trimmed.nthFromHead(statesKept);
        return aged == null || aged.post() == null ? trimmed : new ChainView(seed, archive,
                trimmed.blocks.with(aged.height(), aged.withoutStates()), trimmed.byCid, trimmed.byMessage);
    }

    private @Nullable Block nthFromHead(int place) {
        return blocks.size() <= place ? null : blocks.nth(blocks.size() - 1 - place);
    }

    private ChainView without(Block block) {
        SharedMap<Cid, Long> messages = byMessage;
        for (SignedMessage message : block.messages()) {
            messages = messages.without(message.cid()).without(message.message().cid());
        }
        return new ChainView(seed, archive, blocks.without(block.height()), byCid.without(block.cid()), messages);
    }

    /** The last block at or below this height; empty above the head and below genesis. */
    Optional<Block> floor(long height) {
        if (height < 0 || height > head().height()) {
            return Optional.empty();
        }
        Block block = blocks.floor(height);
        return block != null ? Optional.of(block) : archive.floor(height);
    }

    /** The first block at or above this height. */
    Optional<Block> ceiling(long height) {
        Block block = blocks.ceiling(height);
        if (block != null && blocks.firstKey() <= height) {
            return Optional.of(block);
        }
        for (long at = height; at <= head().height();) { // in the archive: heights without a block are few there
            Block found = floor(at).orElse(null);
            if (found != null && found.height() == at) {
                return Optional.of(found);
            }
            at++;
        }
        return Optional.empty();
    }

    /** The block on top of this one. */
    Optional<Block> childOf(Block block) {
        return block.height() >= head().height() ? Optional.empty() : ceiling(block.height() + 1);
    }

    Optional<Block> byCid(Cid cid) {
        Long height = byCid.get(cid);
        if (height != null) {
            return blocks.find(height);
        }
        return isWhole() ? Optional.empty() : archive.byCid(cid).filter(block -> block.height() < firstHeight());
    }

    /** The block that carries this message, by its own or its inner CID. */
    Optional<Block> carrying(Cid message) {
        Long height = byMessage.get(message);
        if (height != null) {
            return blocks.find(height);
        }
        return isWhole() ? Optional.empty()
                : archive.heightOfMessage(message).filter(found -> found < firstHeight()).flatMap(this::floor);
    }

    /** Whether all blocks down to genesis are in memory, so that the archive knows nothing more. */
    private boolean isWhole() {
        return firstHeight() == 0;
    }

    private long firstHeight() {
        Long first = blocks.firstKey();
        return first == null ? 0 : first;
    }

    @Override
    public Bytes ticket(long epoch) {
        requirePast(epoch);
        Bytes ticket = floor(Math.max(0, epoch)).orElseThrow(() -> new RpcException("no tipset at epoch " + epoch))
                .header().ticket();
        if (ticket == null) {
            throw new IllegalStateException("a block without a ticket");
        }
        return ticket;
    }

    @Override
    public Bytes beacon(long epoch) {
        requirePast(epoch);
        long covering = ceiling(Math.max(0, epoch)).orElseThrow(() -> new RpcException("no tipset at epoch " + epoch))
                .salt();
        return beaconData(seed, epoch, covering);
    }

    private void requirePast(long epoch) {
        if (epoch > head().height()) {
            throw new RpcException("cannot draw randomness from the future");
        }
    }

    Bytes seed() {
        return seed;
    }

    /** 96 bytes in place of a VRF proof. */
    static Bytes vrf(Bytes seed, long height, long salt) {
        return expand("ticket", seed, height, salt);
    }

    static Bytes beaconData(Bytes seed, long epoch, long salt) {
        return expand("beacon", seed, epoch, salt);
    }

    private static Bytes expand(String what, Bytes seed, long height, long salt) {
        byte[] input = ByteBuffer.allocate(16).putLong(height).putLong(salt).array();
        byte[] name = Bytes.utf8("caravan-devnet/" + what + "/").toArray();
        byte[] head = Hashes.blake2b(64, name, seed.toArray(), input);
        byte[] tail = Hashes.blake2b(32, head, input);
        return Bytes.concat(Bytes.wrap(head), Bytes.wrap(tail));
    }
}
