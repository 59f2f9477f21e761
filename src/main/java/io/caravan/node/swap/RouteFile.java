package io.caravan.node.swap;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of routes as it was read.
 *
 * @param name its path below the folder of routes, {@code miner/3-accept.camel.yaml}
 */
public record RouteFile(String name, String text) {

    /** What a file of routes ends in. */
    public static final String END = ".camel.yaml";
    /** The file of the error configurations. */
    public static final String ERRORS = "errors" + END;
    /** Most bytes of a file. */
    public static final int MOST_BYTES = 256 * 1024;

    /** By which two texts are told apart, SHA-256 in hex. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
