package io.caravan.node.gate;

import io.caravan.rpc.AddressKey;
import io.caravan.rpc.Permission;
import io.caravan.store.Accounts;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/** Finds out who signs in, by a one-time code, a token, or name and password, and slows down who guesses. */
public final class SignIn {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,31}");
    /** What every name that no account can have counts as. */
    private static final String NO_NAME = "";
    /** Hashing goes one at a time: who waits for it keeps a worker of the port, and so only a few may. */
    private static final int AT_A_TIME = 4;
    private static final String WRONG = "this name and password do not go together";

    private final Accounts accounts;
    private final ListedTokens tokens;
    private final LoginLinks links;
    private final Throttle byAddress;
    private final Throttle byAccount;
    private final Semaphore places = new Semaphore(AT_A_TIME);

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
        Optional<Sessions.Who> who = links.take(code);
        if (who.isEmpty()) {
            inVain(from);
            throw new RefusedException("this link was used already or is older than 5 minutes: run ./caravan login for a new one",
                    Duration.ZERO);
        }
        return who.get();
    }

    public Sessions.Who byToken(String token, InetAddress from) throws RefusedException {
        try {
            ListedTokens.Admitted admitted = tokens.admit(token);
            if (admitted.permissions().isEmpty()) {
                throw new IllegalArgumentException("this token carries no right");
            }
            Set<Permission> rights = Set.copyOf(admitted.permissions());
            return admitted.id().isEmpty() ? new Sessions.Who("an unlisted token", null, rights) : new Sessions.Who(
                    "token " + admitted.name(), null, new Sessions.ByToken(admitted.id(), admitted.expires()), rights);
        } catch (IllegalArgumentException e) {
            inVain(from);
            throw new RefusedException(String.valueOf(e.getMessage()), Duration.ZERO);
        }
    }

    public Sessions.Who byPassword(String name, String password, InetAddress from) throws RefusedException {
        if (!places.tryAcquire()) {
            throw new RefusedException("too many others sign in at this moment: wait 1 s", Duration.ofSeconds(1));
        }
        try {
            return ofPassword(name, password, AddressKey.of(from));
        } finally {
            places.release();
        }
    }

    private Sessions.Who ofPassword(String name, String password, String key) throws RefusedException {
        String known = isName(name) ? name : NO_NAME;
        // Counted before the slow part, so that many at once do not get more tries than one after the other.
        synchronized (byAccount) {
            pause(byAddress, key);
            pause(byAccount, known);
            byAddress.failed(key);
            byAccount.failed(known);
        }
        Optional<Accounts.Account> account = isName(name) ? accounts.find(name) : Optional.empty();
        if (account.isEmpty()) {
            Passwords.matchNobodys(password);
            throw new RefusedException(WRONG, Duration.ZERO);
        }
        if (!Passwords.matches(password, account.get().password())) {
            throw new RefusedException(WRONG, Duration.ZERO);
        }
        byAddress.succeeded(key);
        byAccount.succeeded(known);
        return new Sessions.Who(name, name, Set.copyOf(Rights.parse(account.get().rights())));
    }

    /**
     * A wrong code or token. A right one is let in whoever else guesses at its address, which may be a proxy's: 256 bits are not
     * guessed, and so no stranger locks an operator out.
     */
    private void inVain(InetAddress from) throws RefusedException {
        String key = AddressKey.of(from);
        pause(byAddress, key);
        byAddress.failed(key);
    }

    private static void pause(Throttle throttle, String key) throws RefusedException {
        Duration wait = throttle.wait(key);
        if (!wait.isZero()) {
            long seconds = wait.toSeconds() + 1;
            throw new RefusedException("too many tries: wait " + seconds + " s", Duration.ofSeconds(seconds));
        }
    }
}
