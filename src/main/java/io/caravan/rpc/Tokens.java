package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Issues and checks bearer tokens: JWT, HS256, payload {@code {"Allow":[…]}} (spec: chain-and-rpc §1.3), and beside it, in
 * tokens that are kept in a list, {@code jti} and {@code exp}. Safe for use by many threads.
 */
public final class Tokens {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    private static final int MIN_SECRET_BYTES = 32;
    private static final int MAX_TOKEN_CHARS = 4096;
    private static final String REFUSED = "JWT Verification failed: ";

    private final SecretKeySpec key;
    private final ObjectMapper mapper = RpcJson.bounded(8, MAX_TOKEN_CHARS, 64);

    private Tokens(byte[] secret) {
        key = new SecretKeySpec(secret, ALGORITHM);
    }

    /** Tokens under a secret of at least 32 bytes. */
    public static Tokens ofSecret(byte[] secret) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("a token secret has at least 32 bytes, this one " + secret.length);
        }
        return new Tokens(secret);
    }

    /** 32 bytes for something else that only who has this secret can make; other ones for each purpose. */
    public byte[] derived(String purpose) {
        return mac("caravan " + purpose);
    }

    /** A token that carries these rights in this order. */
    public String issue(List<Permission> permissions) {
        return signed("{\"Allow\":[" + allow(permissions) + "]}");
    }

    private static String allow(List<Permission> permissions) {
        return permissions.stream().map(p -> '"' + p.wireName() + '"').collect(Collectors.joining(","));
    }

    private String signed(String payload) {
        String signed = base64(HEADER) + '.' + base64(payload);
        return signed + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(signed));
    }

    /**
     * A token that stands in a list.
     *
     * @param id which line it is
     * @param expires null if it never ends by itself
     */
    public String issue(List<Permission> permissions, String id, @Nullable Instant expires) {
        return signed("{\"Allow\":[" + allow(permissions) + "],\"jti\":\"" + id + "\""
                + (expires == null ? "" : ",\"exp\":" + expires.getEpochSecond()) + "}");
    }

    /**
     * What a token says of itself.
     *
     * @param permissions in its order; rights we do not know are left out
     * @param id its line in the list; null if it stands in none
     * @param expires null if it never ends by itself
     */
    public record Claims(List<Permission> permissions, @Nullable String id, @Nullable Instant expires) {}

    /**
     * The rights of a token that stands in no list.
     *
     * @throws IllegalArgumentException in one sentence if the token is malformed, not signed by our secret, or may have ended
     *     by a list that is not asked here
     */
    public List<Permission> verify(String token) {
        Claims claims = read(token);
        if (claims.id() != null || claims.expires() != null) {
            throw new IllegalArgumentException(REFUSED + "it stands in a list of tokens, and here is none");
        }
        return claims.permissions();
    }

    /**
     * What a token of ours says; whether it still counts is for its list to say.
     *
     * @throws IllegalArgumentException in one sentence if the token is malformed or not signed by our secret
     */
    public Claims read(String token) {
        if (token.length() > MAX_TOKEN_CHARS) {
            throw new IllegalArgumentException(REFUSED + "longer than " + MAX_TOKEN_CHARS + " characters");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException(REFUSED + "a token has three parts with dots between");
        }
        // The signature first: nothing of an unsigned token is parsed.
        if (!MessageDigest.isEqual(mac(parts[0] + '.' + parts[1]), decoded(parts[2]))) {
            throw new IllegalArgumentException(REFUSED + "not signed by this node");
        }
        if (!"HS256".equals(json(parts[0]).path("alg").asText())) {
            throw new IllegalArgumentException(REFUSED + "the algorithm is not HS256");
        }
        List<Permission> permissions = new ArrayList<>();
        JsonNode payload = json(parts[1]);
        for (JsonNode name : payload.path("Allow")) {
            for (Permission permission : Permission.all()) {
                if (permission.wireName().equals(name.asText()) && !permissions.contains(permission)) {
                    permissions.add(permission);
                }
            }
        }
        JsonNode id = payload.path("jti");
        JsonNode expires = payload.path("exp");
        return new Claims(List.copyOf(permissions), id.isTextual() ? id.textValue() : null,
                expires.canConvertToLong() ? Instant.ofEpochSecond(expires.longValue()) : null);
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }

    private JsonNode json(String part) {
        try {
            return mapper.readTree(decoded(part));
        } catch (IOException e) {
            throw new IllegalArgumentException(REFUSED + "its parts are not JSON");
        }
    }

    private static byte[] decoded(String part) {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(REFUSED + "its parts are not base64");
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
