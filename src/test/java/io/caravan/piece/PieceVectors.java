package io.caravan.piece;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Vector files and the payloads they speak of. */
final class PieceVectors {
    private PieceVectors() {
    }

    /** Rows of a vector file, comment lines left out. */
    static List<String[]> rows(String name) {
        return read("/vectors/piece/" + name).lines().filter(l -> !l.startsWith("#")).map(l -> l.split(",")).toList();
    }

    /** The bytes of one entry of the wire vectors. */
    static byte[] wire(String name) {
        try {
            return hex(new ObjectMapper().readTree(read("/vectors/wire.json")).get(name).get("hex").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Byte i = (i*i+7) mod 251. */
    static byte[] pattern(int n) {
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            bytes[i] = (byte) (((long) i * i + 7) % 251);
        }
        return bytes;
    }

    static byte[] constant(int value, int n) {
        byte[] bytes = new byte[n];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    static PieceCommitment commP(byte[] payload) {
        try {
            var stream = new CommPStream();
            stream.write(payload);
            return stream.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static String read(String resource) {
        try (InputStream in = Objects.requireNonNull(PieceVectors.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
