package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The secret under which a node signs its tokens, kept as Lotus keeps it: a key info of type jwt-hmac-secret. */
public final class TokenSecret {
    /** The file's name in a Lotus keystore: base32 of {@code auth-jwt-private}. */
    public static final String FILE_NAME = "MF2XI2BNNJ3XILLQOJUXMYLUMU";

    private static final String TYPE = "jwt-hmac-secret";
    private static final int BYTES = 32;
    private static final int MAX_FILE_BYTES = 4096;

    private TokenSecret() {}

    /**
     * Reads the secret; makes a new one where there is no file.
     *
     * @throws IllegalArgumentException naming the file if it holds something else
     */
    public static byte[] loadOrCreate(Path file, SecureRandom random) {
        try {
            if (Files.exists(file)) {
                return read(file);
            }
            byte[] secret = new byte[BYTES];
            random.nextBytes(secret);
            String text = "{\"Type\":\"" + TYPE + "\",\"PrivateKey\":\"" + Base64.getEncoder().encodeToString(secret) + "\"}";
            PrivateFile.write(file, text.getBytes(StandardCharsets.UTF_8));
            return secret;
        } catch (IOException e) {
            throw new UncheckedIOException("the token secret " + file + " cannot be read or made", e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        ObjectMapper mapper = RpcJson.bounded(8, MAX_FILE_BYTES, 64);
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("longer than " + MAX_FILE_BYTES + " bytes");
            }
            JsonNode key = mapper.readTree(Files.readAllBytes(file));
            byte[] secret = Base64.getDecoder().decode(key.path("PrivateKey").asText());
            if (!TYPE.equals(key.path("Type").asText()) || secret.length < BYTES) {
                throw new IllegalArgumentException("not a " + TYPE + " of " + BYTES + " bytes");
            }
            return secret;
        } catch (com.fasterxml.jackson.core.JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the file " + file + " is no token secret; move it away to get a new one"
                    + " (all tokens issued so far end with it)", e);
        }
    }
}
