package io.caravan.model;

import io.caravan.codec.Cid;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The trace of a deal, which follows from its proposal CID alone: client and provider write into the same one without having
 * told each other, and so does a node after a restart. Ids are those of OpenTelemetry: 16 bytes for a trace, 8 for a span, as
 * lower case hex.
 */
public final class DealTrace {

    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    private DealTrace() {}

    /** The trace's id: the first 16 bytes of the SHA-256 over the proposal CID's bytes. */
    public static String id(Cid proposalCid) {
        return hex(sha256(proposalCid.toBytes()), 0, TRACE_BYTES);
    }

    /** The id of the span that all others of the deal are below: the 8 bytes after those. */
    public static String root(Cid proposalCid) {
        return hex(sha256(proposalCid.toBytes()), TRACE_BYTES, SPAN_BYTES);
    }

    /** The trace id of something that is no deal, such as a sector, by its name. */
    public static String id(String name) {
        return hex(sha256(name.getBytes(StandardCharsets.UTF_8)), 0, TRACE_BYTES);
    }

    /** A span's id by what it is about: the same again whenever it is asked for. */
    public static String span(String name) {
        return hex(sha256(name.getBytes(StandardCharsets.UTF_8)), TRACE_BYTES, SPAN_BYTES);
    }

    private static String hex(byte[] digest, int from, int count) {
        return HexFormat.of().formatHex(Arrays.copyOfRange(digest, from, from + count));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
