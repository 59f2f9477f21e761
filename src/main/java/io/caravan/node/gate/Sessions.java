package io.caravan.node.gate;

import io.caravan.codec.Bytes;
import io.caravan.rpc.Permission;
import io.caravan.store.WebSessions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who is signed in. A session ends when it was not used for a while, some time after it began, or when it is ended. */
public final class Sessions {

    private static final int MOST = 1000;
    private static final int MOST_OF_ONE = 32;
    private static final Duration WRITTEN_EVERY = Duration.ofMinutes(1);

    private final WebSessions rows;
    private final Clock clock;
    private final Supplier<Spans> spans;
    private final Map<Bytes, Live> live = new ConcurrentHashMap<>();

    /** A session and when it was used, as far as rows know and as we do. */
    private static final class Live {
        private final WebSessions.Row row;
        private volatile Instant usedAt;
        private volatile Instant writtenAt;

        Live(WebSessions.Row row) {
            this.row = row;
            this.usedAt = row.usedAt();
            this.writtenAt = row.usedAt();
        }
    }

    /**
     * Whom a session is for.
     *
     * @param account null for who has none
     * @param token with which the session ends; null for who came otherwise
     */
    public record Who(String name, @Nullable String account, @Nullable ByToken token, Set<Permission> rights) {

        /** Whoever came by no token. */
        public Who(String name, @Nullable String account, Set<Permission> rights) {
            this(name, account, null, rights);
        }
    }

    /**
     * A token that stands in the list.
     *
     * @param expires null if it does not end by itself
     */
    public record ByToken(String id, @Nullable Instant expires) {}

    /**
     * How long sessions last.
     *
     * @param idle one that is not used for so long ends
     * @param longest it ends after so long in any case; of those that began before a change, as they were told then
     */
    public record Spans(Duration idle, Duration longest) {}

    /** @param spans are asked at each use */
    public Sessions(WebSessions rows, Clock clock, Supplier<Spans> spans) {
        this.rows = rows;
        this.clock = clock;
        this.spans = spans;
        look();
    }

    /** Begins one; returns what its cookie holds, which is nowhere else. Whoever has too many loses the one unused longest. */
    public synchronized String begin(Who who, String address) {
        crowd(session -> session.row.name().equals(who.name()), MOST_OF_ONE);
        crowd(session -> true, MOST);
        String secret = Secrets.secret();
        Instant now = clock.instant();
        WebSessions.Row row = new WebSessions.Row(Secrets.hash(secret), who.name(), who.account(),
                who.token() == null ? null : who.token().id(), Rights.text(who.rights()), address, now, now, end(now, who.token()));
        rows.insert(row);
        live.put(row.hash(), new Live(row));
        return secret;
    }

    private Instant end(Instant now, @Nullable ByToken token) {
        Instant end = now.plus(spans.get().longest());
        return token == null || token.expires() == null || token.expires().isAfter(end) ? end : token.expires();
    }

    private void crowd(java.util.function.Predicate<Live> which, int most) {
        while (live.values().stream().filter(which).count() >= most) {
            live.values().stream().filter(which).min(Comparator.comparing(session -> session.usedAt))
                    .ifPresent(oldest -> end(oldest.row.hash()));
        }
    }

    /** The session of a cookie, which is used by that. */
    Optional<WebSessions.Row> of(String secret) {
        Live session = live.get(Secrets.hash(secret));
        Instant now = clock.instant();
        if (session == null || !isLive(session, now)) {
            return Optional.empty();
        }
        session.usedAt = now;
        return Optional.of(session.row);
    }

    /** Whether it has not ended; being asked does not use it. */
    boolean holds(Bytes hash) {
        Live session = live.get(hash);
        return session != null && isLive(session, clock.instant());
    }

    /** What goes on over a WebSocket uses its session too. */
    void use(Bytes hash) {
        Live session = live.get(hash);
        if (session != null) {
            session.usedAt = clock.instant();
        }
    }

    /** Those that have not ended, the oldest first. */
    public List<WebSessions.Row> list() {
        return rows.list().stream().filter(row -> holds(row.hash())).toList();
    }

    public synchronized void end(Bytes hash) {
        rows.end(hash);
        live.remove(hash);
    }

    /** Ends all; how many there were. */
    public synchronized int endAll() {
        int ended = rows.endAll();
        live.clear();
        return ended;
    }

    /** Follows the table: what ended elsewhere ends here. */
    synchronized void look() {
        Instant now = clock.instant();
        live.values().forEach(session -> {
            if (session.usedAt.isAfter(session.writtenAt.plus(WRITTEN_EVERY))) {
                session.writtenAt = session.usedAt;
                rows.use(session.row.hash(), session.usedAt);
            }
        });
        rows.sweep(now.minus(spans.get().idle()));
        List<WebSessions.Row> all = rows.list();
        live.keySet().retainAll(all.stream().map(WebSessions.Row::hash).toList());
        all.forEach(row -> live.computeIfAbsent(row.hash(), hash -> new Live(row)));
    }

    private boolean isLive(Live session, Instant now) {
        return now.isBefore(session.row.endsAt()) && now.isBefore(session.usedAt.plus(spans.get().idle()));
    }
}
