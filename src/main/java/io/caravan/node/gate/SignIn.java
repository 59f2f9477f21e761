package io.caravan.node.gate;

import io.caravan.rpc.AddressKey;
import io.caravan.store.Accounts;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds out who signs in, by a one-time code, a token, or name and password, and slows down who guesses. */
public final class SignIn {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,31}");
    private static final String WRONG = "this name and password do not go together";

    private final Accounts accounts;
    private final ListedTokens tokens;
    private final LoginLinks links;
    private final Throttle byAddress;
    private final Throttle byAccount;

    /** Not signed in; the message is for the person who tried. */
    public static final class RefusedException extends Exception {
        private final Duration wait;

        RefusedException(String message, Duration wait) {
            super(message);
            this.wait = wait;
        }

        /** How long to wait before the next try; zero for not at all. */
        public Duration waitFor() {
            return wait;
        }
    }

    /**
     * How often may be guessed.
     *
     * @param tries at once, by one address and at one account
     * @param each after which one more is allowed
     */
    public record Pace(int tries, Duration each) {}

    public SignIn(Accounts accounts, ListedTokens tokens, LoginLinks links, Pace pace, Clock clock) {
        this.accounts = accounts;
        this.tokens = tokens;
        this.links = links;
        this.byAddress = new Throttle(clock, pace.tries(), pace.each());
        this.byAccount = new Throttle(clock, pace.tries(), pace.each());
    }

    /** Whether an account may be called that. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    public Sessions.Who byCode(String code, InetAddress from) throws RefusedException {
        String key = AddressKey.of(from);
        pause(byAddress, key);
        Optional<Sessions.Who> who = links.take(code);
        if (who.isEmpty()) {
            byAddress.failed(key);
            throw new RefusedException("this link was used already or is older than 5 minutes: run ./caravan login for a new one",
                    Duration.ZERO);
        }
        return who.get();
    }

    public Sessions.Who byToken(String token, InetAddress from) throws RefusedException {
        String key = AddressKey.of(from);
        pause(byAddress, key);
        try {
            ListedTokens.Admitted admitted = tokens.admit(token);
            if (admitted.permissions().isEmpty()) {
                throw new IllegalArgumentException("this token carries no right");
            }
            return new Sessions.Who(admitted.id().isEmpty() ? "an unlisted token" : "token " + admitted.name(), null,
                    Set.copyOf(admitted.permissions()));
        } catch (IllegalArgumentException e) {
            byAddress.failed(key);
            throw new RefusedException(String.valueOf(e.getMessage()), Duration.ZERO);
        }
    }

    public Sessions.Who byPassword(String name, String password, InetAddress from) throws RefusedException {
        String key = AddressKey.of(from);
        pause(byAddress, key);
        pause(byAccount, name);
        // Counted before the slow part, so that many at once do not get more tries than one after the other.
        byAddress.failed(key);
        byAccount.failed(name);
        Optional<Accounts.Account> account = isName(name) ? accounts.find(name) : Optional.empty();
        if (account.isEmpty()) {
            Passwords.matchNobodys(password);
            throw new RefusedException(WRONG, Duration.ZERO);
        }
        if (!Passwords.matches(password, account.get().password())) {
            throw new RefusedException(WRONG, Duration.ZERO);
        }
        byAddress.succeeded(key);
        byAccount.succeeded(name);
        return new Sessions.Who(name, name, Set.copyOf(Rights.parse(account.get().rights())));
    }

    private static void pause(Throttle throttle, String key) throws RefusedException {
        Duration wait = throttle.wait(key);
        if (!wait.isZero()) {
            long seconds = wait.toSeconds() + 1;
            throw new RefusedException("too many tries: wait " + seconds + " s", Duration.ofSeconds(seconds));
        }
    }
}
