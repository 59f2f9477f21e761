package io.caravan.libp2p;

import io.caravan.codec.Hashes;
import io.caravan.crypto.AeadProvider;
import io.caravan.crypto.CryptoException;
import io.caravan.crypto.X25519;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The handshake {@code Noise_XX_25519_ChaChaPoly_SHA256}, pure: messages in, messages out, no framing (spec libp2p
 * 1.4).
 *
 * <pre>
 * 1  I→R  e                 payload in clear
 * 2  R→I  e, ee, s, es      payload encrypted
 * 3  I→R  s, se             payload encrypted
 * </pre>
 *
 * Messages alternate; after the third, {@link #sender()} and {@link #receiver()} carry the data. Any failure is final.
 */
final class NoiseXX {

    /** Exactly 32 bytes, which is why it is the first hash as it stands. */
    private static final String NAME = "Noise_XX_25519_ChaChaPoly_SHA256";
    private static final int KEY = 32;
    private static final int TAG = 16;

    /** An X25519 key pair as raw bytes. */
    record Pair(byte[] secret, byte[] shared) {

        static Pair of(byte[] secret) {
            return new Pair(secret, X25519.publicKey(secret));
        }
    }

    private final AeadProvider aeads;
    private final boolean initiator;
    private final Pair fixed;
    private final Pair ephemeral;
    private byte[] remoteStatic = new byte[0];
    private byte[] remoteEphemeral = new byte[0];
    private byte[] chain = NAME.getBytes(StandardCharsets.US_ASCII);
    private byte[] hash = chain;
    private @Nullable NoiseCipher cipher;
    private int message;

    NoiseXX(AeadProvider aeads, boolean initiator, Pair fixed, Pair ephemeral, byte[] prologue) {
        this.aeads = aeads;
        this.initiator = initiator;
        this.fixed = fixed;
        this.ephemeral = ephemeral;
        mixHash(prologue);
    }

    /** Our next message around that payload. */
    byte[] write(byte[] payload) {
        turn(true);
        byte[] head = new byte[0];
        if (message < 2) {
            head = ephemeral.shared();
            mixHash(head);
        }
        if (message == 1) {
            mixKey(agree(ephemeral, remoteEphemeral));
        }
        if (message > 0) {
            head = concat(head, encrypt(fixed.shared()));
            // es of the responder and se of the initiator: our static key, the peer's ephemeral one.
            mixKey(agree(fixed, remoteEphemeral));
        }
        message++;
        return concat(head, encrypt(payload));
    }

    /**
     * The payload of the peer's next message.
     *
     * @throws PeerMisbehavedException if the message is cut short, forged or out of turn
     */
    byte[] read(byte[] in) {
        turn(false);
        int at = 0;
        if (message < 2) {
            remoteEphemeral = part(in, at, KEY);
            at += KEY;
            mixHash(remoteEphemeral);
        }
        if (message == 1) {
            mixKey(agree(ephemeral, remoteEphemeral));
        }
        if (message > 0) {
            remoteStatic = decrypt(part(in, at, KEY + TAG));
            at += KEY + TAG;
            // es of the initiator and se of the responder.
            mixKey(agree(ephemeral, remoteStatic));
        }
        message++;
        return decrypt(part(in, at, in.length - at));
    }

    boolean done() {
        return message == 3;
    }

    /** The peer's static key; known after its static key came. */
    byte[] remoteStatic() {
        return remoteStatic.clone();
    }

    byte[] handshakeHash() {
        return hash.clone();
    }

    /** Encrypts what we send after the handshake. */
    NoiseCipher sender() {
        return new NoiseCipher(aeads, split()[initiator ? 0 : 1]);
    }

    /** Decrypts what the peer sends after the handshake. */
    NoiseCipher receiver() {
        return new NoiseCipher(aeads, split()[initiator ? 1 : 0]);
    }

    private byte[][] split() {
        if (!done()) {
            throw new IllegalStateException("the handshake is not over");
        }
        return hkdf(chain, new byte[0]);
    }

    private void turn(boolean writing) {
        boolean ours = (message % 2 == 0) == initiator;
        if (done() || ours != writing) {
            throw new PeerMisbehavedException("a Noise message out of turn");
        }
    }

    private byte[] agree(Pair ours, byte[] theirs) {
        try {
            return X25519.sharedSecret(ours.secret(), theirs);
        } catch (CryptoException e) {
            throw new PeerMisbehavedException("the peer sent a key of small order", e);
        }
    }

    private void mixHash(byte[] data) {
        hash = Hashes.sha256(hash, data);
    }

    private void mixKey(byte[] secret) {
        byte[][] keys = hkdf(chain, secret);
        chain = keys[0];
        cipher = new NoiseCipher(aeads, keys[1]);
    }

    private byte[] encrypt(byte[] plain) {
        byte[] out = plain;
        if (cipher != null) {
            out = new byte[plain.length + TAG];
            cipher.seal(hash, plain, 0, plain.length, out, 0);
        }
        mixHash(out);
        return out;
    }

    private byte[] decrypt(byte[] sealed) {
        byte[] out = sealed;
        if (cipher != null) {
            if (sealed.length < TAG) {
                throw new PeerMisbehavedException("a Noise message cut short");
            }
            out = new byte[sealed.length - TAG];
            cipher.open(hash, sealed, 0, sealed.length, out, 0);
        }
        mixHash(sealed);
        return out;
    }

    private static byte[] part(byte[] in, int from, int length) {
        if (length < 0 || in.length - from < length) {
            throw new PeerMisbehavedException("a Noise message of " + in.length + " bytes is cut short");
        }
        return Arrays.copyOfRange(in, from, from + length);
    }

    private static byte[][] hkdf(byte[] key, byte[] input) {
        byte[] temp = hmac(key, input);
        byte[] first = hmac(temp, new byte[] {1});
        return new byte[][] {first, hmac(temp, concat(first, new byte[] {2}))};
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
