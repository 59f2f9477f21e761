package io.caravan.devnet;

import io.caravan.codec.Bytes;
import io.caravan.codec.Hashes;
import java.nio.ByteBuffer;

/** Where a chain's random values come from (chain-and-rpc §3.7). */
interface Randomness {

    /** Seal tickets. */
    long SEAL = 5;
    /** Seal challenge seeds. */
    long SEED = 6;
    /** Window PoSt challenges. */
    long WINDOW_POST = 4;
    /** What shows that a window PoSt was made on this chain. */
    long CHAIN_COMMIT = 9;

    /** VRF proof of the tipset at this epoch, or the last one before it. */
    Bytes ticket(long epoch);

    /** The beacon's round for this epoch. */
    Bytes beacon(long epoch);

    default Bytes fromTickets(long tag, long epoch, Bytes entropy) {
        return draw(tag, digest(ticket(epoch)), epoch, entropy);
    }

    default Bytes fromBeacon(long tag, long epoch, Bytes entropy) {
        return draw(tag, digest(beacon(epoch)), epoch, entropy);
    }

    static Bytes digest(Bytes base) {
        return Bytes.wrap(Hashes.blake2b256(base.toArray()));
    }

    /** {@code blake2b256(int64(tag) ‖ digest ‖ int64(epoch) ‖ entropy)}. */
    static Bytes draw(long tag, Bytes digest, long epoch, Bytes entropy) {
        return Bytes.wrap(Hashes.blake2b256(bigEndian(tag), digest.toArray(), bigEndian(epoch), entropy.toArray()));
    }

    private static byte[] bigEndian(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
