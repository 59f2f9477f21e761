package io.caravan.node.gate;

import io.caravan.store.Accounts;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Knows browsers that signed in to an account by its password before, by a mark that they keep. A mark opens nothing: it only
 * lets its browser have tries of its own, which nobody else can use up. It is for one account under one password, is signed by
 * the role, and ends after 90 days or with the next sign-in.
 */
final class KnownBrowsers {

    static final Duration VALID = Duration.ofDays(90);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int ID_BYTES = 16;
    private static final int PASSWORD_BYTES = 12;
    private static final Pattern MARK = Pattern.compile("([\\w-]{22})\\.(\\d{1,12})\\.([\\w-]{16})\\.([\\w-]{43})");

    private final SecretKeySpec key;
    private final Clock clock;

    /**
     * What a genuine mark says.
     *
     * @param id which browser that is
     * @param password tells under which password it was made, without telling the password
     */
    record Mark(String id, String password) {

        /** Whether it was made under the password that the account has now. */
        boolean isOf(Accounts.Account account) {
            return password.equals(trace(account));
        }
    }

    /** @param key 32 bytes that only this role has, the same after a restart */
    KnownBrowsers(byte[] key, Clock clock) {
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.clock = clock;
    }

    /** A mark for a browser that has just signed in to that account. */
    String mark(Accounts.Account account) {
        String said = base64(Secrets.random(ID_BYTES)) + '.' + clock.instant().plus(VALID).getEpochSecond() + '.' + trace(account);
        return said + '.' + signature(account.name(), said);
    }

    /** What a mark says for the account of that name; empty if it was not made here for it, or has ended. Asks no database. */
    Optional<Mark> read(String mark, String name) {
        Matcher m = MARK.matcher(mark);
        if (!m.matches() || !isSigned(name, m) || Long.parseLong(m.group(2)) <= clock.instant().getEpochSecond()) {
            return Optional.empty();
        }
        return Optional.of(new Mark(m.group(1), m.group(3)));
    }

    private boolean isSigned(String name, Matcher mark) {
        String said = mark.group(1) + '.' + mark.group(2) + '.' + mark.group(3);
        return MessageDigest.isEqual(signature(name, said).getBytes(StandardCharsets.US_ASCII), mark.group(4).getBytes(StandardCharsets.US_ASCII));
    }

    private String signature(String name, String said) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return base64(mac.doFinal((name + ' ' + said).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }

    /** Of the hash with its salt, so that another password is another one. */
    private static String trace(Accounts.Account account) {
        return base64(Secrets.hash(account.password()).slice(0, PASSWORD_BYTES).toArray());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
