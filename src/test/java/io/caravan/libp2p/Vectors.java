package io.caravan.libp2p;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/** The published vectors under src/test/resources/vectors/libp2p. */
final class Vectors {

    private final Properties values = new Properties();

    Vectors(String file) {
        try (InputStream in = open(file)) {
            values.load(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String text(String name) {
        String value = values.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("no vector " + name);
        }
        return value;
    }

    byte[] hex(String name) {
        return HexFormat.of().parseHex(text(name));
    }

    /** The lines that are no comments. */
    static List<String> lines(String file) {
        try (InputStream in = open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream open(String file) {
        InputStream in = Vectors.class.getResourceAsStream("/vectors/libp2p/" + file);
        if (in == null) {
            throw new IllegalArgumentException("no vectors " + file);
        }
        return in;
    }
}
