package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.codec.Hashes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Which nodes a prover has to show: they follow from randomness that it could not know before (sealing §3.1, §3.5). */
public final class Challenges {

    /** Leaves of each sector that a window proof shows. */
    public static final int WINDOW = 10;

    private static final int SEAL = 2;
    private static final byte TOP_BITS = 0x3f;

    private Challenges() {
    }

    /** The nodes that an interactive proof of a sealed sector shows, one after the other; never node 0. */
    public static List<Integer> ofSeal(PoRep kind, Bytes replicaId, Bytes seed) {
        return IntStream.range(0, SEAL).mapToObj(i -> seal(kind.nodes(), replicaId, seed, i)).toList();
    }

    static int seal(int nodes, Bytes replicaId, Bytes seed, int index) {
        byte[] hash = Hashes.sha256(replicaId.toArray(), seed.toArray(), littleEndian(4).putInt(index).array());
        return fromLittleEndian(hash).mod(BigInteger.valueOf(nodes - 1L)).intValue() + 1;
    }

    /**
     * The replica's leaves that a window proof shows.
     *
     * @param randomness 32 bytes as the chain gives them
     */
    public static List<Integer> ofWindow(int nodes, Bytes randomness, long sector) {
        return IntStream.range(0, WINDOW).mapToObj(i -> (int) leaf(nodes, randomness, sector, i)).toList();
    }

    static long leaf(long nodes, Bytes randomness, long sector, long index) {
        byte[] base = randomness.toArray();
        base[base.length - 1] &= TOP_BITS;
        byte[] hash = Hashes.sha256(base, littleEndian(8).putLong(sector).array(), littleEndian(8).putLong(index).array());
        return Long.remainderUnsigned(ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN).getLong(), nodes);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static BigInteger fromLittleEndian(byte[] bytes) {
        byte[] reversed = Arrays.copyOf(bytes, bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, reversed);
    }
}
