package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import io.caravan.model.FilAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One kind of proof of replication: what follows from a registered seal proof's number (spec sealing §2.1). Versions of
 * one sector size differ in {@link #id()} and therefore in graph and replica; the first also in the order of parents.
 *
 * @param number the network's: 0–4 version 1, 5–9 version 1.1, 10–14 synthetic, 15–19 non-interactive
 * @param nodes nodes of 32 bytes in a sector
 * @param layers of labels
 */
public record PoRep(long number, int nodes, int layers) {

    /** Bytes of a node. */
    public static final int NODE = 32;

    private static final int[] NODES = {1 << 6, 1 << 18, 1 << 24};
    private static final int SIZES = 5;
    private static final int VERSIONS = 4;
    private static final int SMALL_SECTOR_LAYERS = 2;

    /** @throws IllegalArgumentException for 32 GiB and 64 GiB, which are not computed here, and for unknown numbers */
    public static PoRep ofNumber(long registeredSealProof) {
        if (registeredSealProof < 0 || registeredSealProof >= SIZES * VERSIONS) {
            throw new IllegalArgumentException("there is no seal proof type " + registeredSealProof);
        }
        int size = (int) registeredSealProof % SIZES;
        if (size >= NODES.length) {
            throw new IllegalArgumentException("sectors of seal proof type " + registeredSealProof
                    + " are too large to be computed here: 2 KiB, 8 MiB and 512 MiB are");
        }
        return new PoRep(registeredSealProof, NODES[size], SMALL_SECTOR_LAYERS);
    }

    /** Padded bytes of a sector. */
    public long sectorBytes() {
        return (long) nodes * NODE;
    }

    /** The 32 bytes that stand for this kind of proof in graph and replica id. */
    public Bytes id() {
        ByteBuffer id = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        return Bytes.wrap(id.putLong(number).array());
    }

    /** The graph of a sector's nodes; computing it costs nothing, looking parents up does. */
    public StackedGraph graph() {
        return new StackedGraph(id(), nodes, number < SIZES);
    }

    /**
     * What makes a replica this miner's, this sector's and this ticket's.
     *
     * @param miner an ID address
     * @param ticket 32 bytes
     */
    public Bytes replicaId(FilAddress miner, long sectorNumber, Bytes ticket, Cid commD) {
        byte[] id = Hashes.sha256(proverId(miner).toArray(), ByteBuffer.allocate(8).putLong(sectorNumber).array(),
                ticket.toArray(), commD.commitment(), id().toArray());
        id[NODE - 1] &= 0x3f;
        return Bytes.wrap(id);
    }

    /** The miner in 32 bytes: its actor number as LEB128, zeros behind. */
    public static Bytes proverId(FilAddress miner) {
        byte[] id = new byte[32];
        long rest = miner.actorId();
        int at = 0;
        for (; Long.compareUnsigned(rest, 0x7f) > 0; rest >>>= 7) {
            id[at++] = (byte) (rest | 0x80);
        }
        id[at] = (byte) rest;
        return Bytes.wrap(id);
    }
}
