package io.caravan.node.gate;

import io.caravan.codec.Bytes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Codes that sign in once, soon after they were made. They are made for somebody who has a token already and lets a browser
 * in; they live in memory only, as SHA-256.
 */
public final class LoginLinks {

    private static final Duration VALID = Duration.ofMinutes(5);
    private static final int MOST = 100;

    private final Clock clock;
    private final Map<Bytes, Link> links = new LinkedHashMap<>();

    private record Link(Sessions.Who who, Instant endsAt) {}

    /** A code and until when it is good. */
    public record Made(String code, Instant endsAt) {}

    public LoginLinks(Clock clock) {
        this.clock = clock;
    }

    /** A code for that person; of too many the oldest is forgotten. */
    public synchronized Made make(Sessions.Who who) {
        String code = Secrets.secret();
        Instant endsAt = clock.instant().plus(VALID);
        links.put(Secrets.hash(code), new Link(who, endsAt));
        while (links.size() > MOST) {
            links.remove(links.keySet().iterator().next());
        }
        return new Made(code, endsAt);
    }

    /** No code is good any more. */
    synchronized void forget() {
        links.clear();
    }

    /** Whom the code is for, the first time and in time. */
    public synchronized Optional<Sessions.Who> take(String code) {
        Link link = links.remove(Secrets.hash(code));
        return link != null && clock.instant().isBefore(link.endsAt()) ? Optional.of(link.who()) : Optional.empty();
    }
}
