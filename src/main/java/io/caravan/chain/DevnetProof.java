package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import io.caravan.model.FilAddress;
import io.caravan.model.SectorNumber;
import java.nio.charset.StandardCharsets;

/**
 * The declared placeholder for a seal proof: what the placeholder sealing engine hands in and the embedded devnet, and
 * no other chain, accepts. It proves nothing about storage. It binds the public inputs of a real seal proof, so that
 * bytes for another sector, another replica, other data, another ticket or another seed are refused.
 *
 * <p>192 bytes, the size of a real proof: the 23 ASCII bytes {@link #TAG}, a zero byte, then six times 28 bytes, the
 * heads of {@code sha256(TAG ‖ 0 ‖ i ‖ inputs)} for i = 0…5, where inputs is the CBOR tuple
 * {@code 87 [miner, proof type, sector, commR, commD, ticket, seed]}.
 */
public final class DevnetProof {

    /** What the bytes start with, for everyone who looks at them. */
    public static final String TAG = "CARAVAN-DEVNET-PROOF-v1";

    /** Length of a proof in bytes. */
    public static final int SIZE = 192;

    private static final int PART = 28;
    private static final int RANDOMNESS = 32;

    private DevnetProof() {
    }

    /**
     * The public inputs of a seal proof.
     *
     * @param miner the miner's ID address
     * @param sealed CommR
     * @param unsealed CommD
     * @param ticket 32 bytes of chain randomness, tag 5
     * @param seed 32 bytes of chain randomness, tag 6
     */
    public record Inputs(FilAddress miner, long sealProof, SectorNumber sector, Cid sealed, Cid unsealed, Bytes ticket,
            Bytes seed) {

        public Inputs {
            if (ticket.size() != RANDOMNESS || seed.size() != RANDOMNESS) {
                throw new IllegalArgumentException("ticket and seed are 32 bytes");
            }
        }

        private byte[] toCbor() {
            CborWriter out = new CborWriter().array(7);
            miner.writeTo(out);
            return out.integer(sealProof).uint(sector.value()).cid(sealed).cid(unsealed).bytes(ticket).bytes(seed)
                    .toByteArray();
        }
    }

    /** The one proof for these inputs. */
    public static Bytes of(Inputs inputs) {
        byte[] tag = (TAG + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] cbor = inputs.toCbor();
        byte[] proof = new byte[SIZE];
        System.arraycopy(tag, 0, proof, 0, tag.length);
        for (int i = 0; tag.length + i * PART < SIZE; i++) {
            byte[] part = Hashes.sha256(tag, new byte[] {(byte) i}, cbor);
            System.arraycopy(part, 0, proof, tag.length + i * PART, PART);
        }
        return Bytes.wrap(proof);
    }

    /** Whether these bytes are the proof for these inputs. */
    public static boolean isProof(Bytes proof, Inputs inputs) {
        return proof.equals(of(inputs));
    }

    /**
     * A stand-in for CommR where no replica is made: a tagged hash over miner, sector, data and ticket, so that two
     * sectors never share one.
     */
    public static Cid sealed(FilAddress miner, SectorNumber sector, Cid unsealed, Bytes ticket) {
        CborWriter out = new CborWriter().array(4);
        miner.writeTo(out);
        out.uint(sector.value()).cid(unsealed).bytes(ticket);
        byte[] hash = Hashes.sha256((TAG + "/commR\0").getBytes(StandardCharsets.US_ASCII), out.toByteArray());
        hash[31] &= 0x3f; // a field element, as every CommR is
        return Cid.commR(hash);
    }
}
