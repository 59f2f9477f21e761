package io.caravan.libp2p;

import io.caravan.codec.CodecException;
import io.caravan.codec.ProtobufReader;
import io.caravan.codec.ProtobufWriter;
import io.caravan.crypto.PrivKey;
import io.caravan.crypto.PubKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the second and third Noise message carry: the identity key, its signature over the Noise static key, and the
 * multiplexers we speak.
 * {@code NoiseHandshakePayload{bytes identity_key = 1; bytes identity_sig = 2; NoiseExtensions extensions = 4}}.
 *
 * @param muxers empty if the peer does not negotiate early
 */
record NoisePayload(PubKey identity, byte[] signature, List<String> muxers) {

    private static final byte[] PREFIX = "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);
    /** An RSA key of 8192 bits with its wrapping. */
    private static final int MAX_KEY = 1200;
    private static final int MAX_SIGNATURE = 1100;
    private static final int MAX_EXTENSIONS = 8192;
    private static final int MAX_MUXERS = 100;

    static byte[] encode(PrivKey key, byte[] staticKey, List<String> muxers) {
        ProtobufWriter extensions = new ProtobufWriter();
        muxers.forEach(muxer -> extensions.text(2, muxer));
        return new ProtobufWriter()
                .bytes(1, key.publicKey().toProtobuf())
                .bytes(2, key.sign(signed(staticKey)))
                .bytes(4, extensions.toByteArray())
                .toByteArray();
    }

    /**
     * Reads and checks: when it returns, the holder of the identity key has signed this static key.
     *
     * @throws PeerMisbehavedException if anything is missing, malformed or not signed
     */
    static NoisePayload verified(byte[] payload, byte[] remoteStatic) {
        NoisePayload read;
        try {
            read = decode(payload);
        } catch (IllegalArgumentException e) {
            throw new PeerMisbehavedException("a Noise payload that cannot be read: " + e.getMessage(), e);
        }
        if (!read.identity.verify(signed(remoteStatic), read.signature)) {
            throw new PeerMisbehavedException("the peer's identity has not signed its Noise key");
        }
        return read;
    }

    private static NoisePayload decode(byte[] payload) {
        byte[] key = null;
        byte[] signature = null;
        List<String> muxers = List.of();
        ProtobufReader in = new ProtobufReader(payload);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.bytes(MAX_KEY);
                case 2 -> signature = in.bytes(MAX_SIGNATURE);
                case 4 -> muxers = extensions(in.bytes(MAX_EXTENSIONS));
                default -> { }
            }
        }
        if (key == null || signature == null) {
            throw new CodecException("without identity or signature");
        }
        return new NoisePayload(PubKey.ofProtobuf(key), signature, muxers);
    }

    private static List<String> extensions(byte[] bytes) {
        List<String> muxers = new ArrayList<>();
        ProtobufReader in = new ProtobufReader(bytes);
        while (in.next()) {
            if (in.field() == 2) {
                muxers.add(in.text(256));
            }
        }
        return muxers.size() > MAX_MUXERS ? List.of() : List.copyOf(muxers);
    }

    private static byte[] signed(byte[] staticKey) {
        byte[] both = Arrays.copyOf(PREFIX, PREFIX.length + staticKey.length);
        System.arraycopy(staticKey, 0, both, PREFIX.length, staticKey.length);
        return both;
    }
}
