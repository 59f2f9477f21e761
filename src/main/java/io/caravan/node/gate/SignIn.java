package io.caravan.node.gate;

import io.caravan.rpc.AddressKey;
import io.caravan.rpc.Permission;
import io.caravan.store.Accounts;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
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
    private final Throttle byBrowser;
    private final KnownBrowsers browsers;
    private final Semaphore places = new Semaphore(AT_A_TIME);
    /** Beside the others', so that they keep no known browser waiting. */
    private final Semaphore placesOfKnown = new Semaphore(AT_A_TIME);
    private final Object counting = new Object();

    /** Somebody signed in by password, and the mark for the browser to keep. */
    public record Entered(Sessions.Who who, String mark) {}

    /** Whose tries count where. */
    private record Count(Throttle throttle, String key) {}

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
     * @param tries at once, by one address and at one account, or by one known browser
     * @param each after which one more is allowed
     */
    public record Pace(int tries, Duration each) {}

    SignIn(Accounts accounts, ListedTokens tokens, LoginLinks links, KnownBrowsers browsers, Supplier<Pace> pace, Clock clock) {
        this.accounts = accounts;
        this.tokens = tokens;
        this.links = links;
        this.byAddress = new Throttle(clock, pace);
        this.byAccount = new Throttle(clock, pace);
        this.byBrowser = new Throttle(clock, pace);
        this.browsers = browsers;
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

    /**
     * Whoever gives an account's password.
     *
     * @param mark that the browser kept from an earlier sign-in, empty for none: a genuine one has tries of its own, so that no
     *     stranger who guesses elsewhere keeps its browser out
     */
    public Entered byPassword(String name, String password, InetAddress from, String mark) throws RefusedException {
        Optional<KnownBrowsers.Mark> known = isName(name) ? browsers.read(mark, name) : Optional.empty();
        Semaphore room = known.isPresent() ? placesOfKnown : places;
        if (!room.tryAcquire()) {
            throw new RefusedException("too many others sign in at this moment: wait 1 s", Duration.ofSeconds(1));
        }
        try {
            return ofPassword(name, password, AddressKey.of(from), known);
        } finally {
            room.release();
        }
    }

    private Entered ofPassword(String name, String password, String address, Optional<KnownBrowsers.Mark> known) throws RefusedException {
        Optional<Accounts.Account> account = known.flatMap(mark -> accounts.find(name).filter(mark::isOf));
        List<Count> counts = account.isPresent() ? List.of(new Count(byBrowser, known.orElseThrow().id()))
                : List.of(new Count(byAddress, address), new Count(byAccount, isName(name) ? name : NO_NAME));
        // Counted before the slow part, so that many at once do not get more tries than one after the other.
        synchronized (counting) {
            for (Count count : counts) {
                pause(count.throttle(), count.key());
            }
            counts.forEach(count -> count.throttle().failed(count.key()));
        }
        if (account.isEmpty() && isName(name)) {
            account = accounts.find(name);
        }
        if (account.isEmpty()) {
            Passwords.matchNobodys(password);
            throw new RefusedException(WRONG, Duration.ZERO);
        }
        if (!Passwords.matches(password, account.get().password())) {
            throw new RefusedException(WRONG, Duration.ZERO);
        }
        counts.forEach(count -> count.throttle().succeeded(count.key()));
        return new Entered(new Sessions.Who(name, name, Set.copyOf(Rights.parse(account.get().rights()))), browsers.mark(account.get()));
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
