package io.caravan.node.observe;

import io.caravan.camel.RouteHalts;
import io.caravan.node.net.Finding;
import io.caravan.store.Backlog;
import io.caravan.store.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;

/** The checks that daemon and miner share; what only one of them knows comes from its own doctor. */
public final class Checks {

    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final Duration LONG_UNLANDED = Duration.ofMinutes(30);
    private static final Duration MOST_SKEW = Duration.ofSeconds(10);
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    /** The codes of the checks that count what pages and verbs list one by one. */
    public static final Set<String> OF_PEOPLE = Set.of("DEAL-01", "SECTOR-01");

    private Checks() {}

    /** Whether the database answers, and how quickly. */
    public static HealthCheck database(Sql sql, Clock clock) {
        String what = "the database answers";
        return HealthCheck.needed("DB-01", "database", () -> {
            Instant asked = clock.instant();
            try {
                sql.one("observe/alive", Map.of(), (row, number) -> row.getInt("alive"));
            } catch (RuntimeException e) {
                return List.of(Finding.fail("DB-01", what, "it does not: " + e.getMessage(),
                        "see that PostgreSQL runs and that caravan.db.url, user and password are right"));
            }
            Duration took = Duration.between(asked, clock.instant());
            return List.of(took.compareTo(SLOW) > 0
                    ? Finding.warn("DB-01", what, "it took " + took.toMillis() + " ms", "see what else the server or its disk is busy with")
                    : Finding.ok("DB-01", what, "in " + took.toMillis() + " ms"));
        });
    }

    /** Whether every route of the context runs. */
    public static HealthCheck routes(CamelContext context, RouteHalts halts) {
        String what = "every route runs";
        return HealthCheck.needed("ROUTE-01", "routes", () -> {
            if (!context.isStarted()) {
                return List.of(Finding.fail("ROUTE-01", what, "the routes of " + context.getName() + " are not started: " + context.getStatus(),
                        "look in the log why, and start the process again"));
            }
            List<RouteHalts.Halt> still = context.getRoutes().stream().map(Route::getRouteId).sorted().flatMap(id -> halts.of(id).stream()).toList();
            return List.of(still.isEmpty() ? Finding.ok("ROUTE-01", what, context.getRoutes().size() + " run")
                    : Finding.warn("ROUTE-01", what, "stopped: " + still.stream().map(Checks::told).collect(Collectors.joining(", "))
                    + "; what is in " + (still.size() == 1 ? "its state" : "their states") + " waits",
                    "start " + (still.size() == 1 ? "it" : "them") + way(context.getName(), still.get(0).route())));
        });
    }

    private static String way(String role, String route) {
        return role.equals("devnet") ? " in Hawtio, or by a restart of the process"
                : ": ./caravan routes start " + route + (role.equals("daemon") ? " --daemon" : "") + ", or the page Routes, or Hawtio";
    }

    private static String told(RouteHalts.Halt halt) {
        String by = halt.who() == null ? "" : "by " + halt.who();
        String since = halt.since() == null ? "" : "since " + halt.since().truncatedTo(ChronoUnit.SECONDS);
        String more = by + (by.isEmpty() || since.isEmpty() ? "" : ", ") + since;
        return halt.route() + (more.isEmpty() ? "" : " (" + more + ")");
    }

    /** Whether messages land. */
    public static HealthCheck messages(Backlog backlog, Clock clock) {
        String what = "chain messages land";
        return HealthCheck.of("MSG-01", "messages", () -> {
            List<Backlog.Queue> sent = backlog.messages().stream().filter(queue -> !queue.kind().equals("INTENT")).toList();
            Instant oldest = sent.stream().map(Backlog.Queue::oldest).filter(at -> at != null).min(Instant::compareTo).orElse(null);
            long many = sent.stream().mapToLong(Backlog.Queue::many).sum();
            Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, clock.instant());
            return List.of(age.compareTo(LONG_UNLANDED) > 0
                    ? Finding.warn("MSG-01", what, many + " have not landed, the oldest for " + age.toMinutes() + " min",
                    "see that the chain node is in sync and the wallet pays; fees rise up to chain.fee.cap and the caps of single kinds")
                    : Finding.ok("MSG-01", what, many == 0 ? "none is on its way" : many + " on their way"));
        });
    }

    /** Whether deals of this side wait for somebody. */
    public static HealthCheck deals(LongSupplier troubled, LongSupplier parked) {
        String what = "no deal needs a person";
        return HealthCheck.of("DEAL-01", "deals", () -> {
            long many = troubled.getAsLong();
            return List.of(many == 0 ? Finding.ok("DEAL-01", what, "none does")
                    : Finding.warn("DEAL-01", what, (many >= Backlog.MOST ? many + " or more" : many) + (many == 1 ? " does, " : " do, ")
                    + parked.getAsLong() + " of them parked", "./caravan deals --stuck"));
        });
    }

    /** Whether sectors wait for somebody. */
    public static HealthCheck sectors(LongSupplier parked) {
        String what = "no sector is parked";
        return HealthCheck.of("SECTOR-01", "sectors", () -> {
            long many = parked.getAsLong();
            return List.of(many == 0 ? Finding.ok("SECTOR-01", what, "none is")
                    : Finding.warn("SECTOR-01", what, many + (many == 1 ? " is" : " are"), "./caravan sectors"));
        });
    }

    /** Whether the disks of these folders have at least that many bytes left. */
    public static HealthCheck disk(Map<String, LongSupplier> free, LongSupplier bound) {
        String what = "the disks have room";
        return HealthCheck.of("DISK-01", "disk", () -> {
            List<Finding> findings = new ArrayList<>();
            long least = bound.getAsLong();
            free.forEach((folder, bytes) -> {
                long left = bytes.getAsLong();
                findings.add(left < least
                        ? Finding.fail("DISK-01", what, "the disk of " + folder + " has " + (left >> 20) + " MiB left, less than " + (least >> 20) + " MiB",
                        "make room there; caravan.health.disk is the bound")
                        : Finding.ok("DISK-01", what, "the disk of " + folder + " has " + (left >> 30) + " GiB left"));
            });
            return findings;
        });
    }

    /** Whether our clock agrees with the chain's, which is never ahead of a right one. */
    public static HealthCheck clock(Supplier<Instant> head, Clock clock, boolean isDevnet) {
        String what = "our clock is right";
        return HealthCheck.of("CLOCK-01", "clock", () -> {
            if (isDevnet) {
                return List.of(Finding.skipped("CLOCK-01", what, "a devnet's quick blocks run ahead of the clock"));
            }
            Duration ahead = Duration.between(clock.instant(), head.get());
            return List.of(ahead.compareTo(MOST_SKEW) > 0
                    ? Finding.fail("CLOCK-01", what, "the chain's head is " + ahead.toSeconds() + " s in our future", "set this machine's clock by NTP")
                    : Finding.ok("CLOCK-01", what, "the chain's head is not in our future"));
        });
    }

    /** Whether only the owner reads what is secret below the role's folder: its token and its keys. */
    public static HealthCheck secrets(Path folder) {
        String what = "only the owner reads keys and tokens";
        return HealthCheck.of("FILE-01", "secrets", () -> {
            List<Path> open = Stream.of(folder.resolve("token"), folder.resolve("keystore")).filter(Files::exists)
                    .flatMap(Checks::below).filter(Checks::isOpen).limit(5).toList();
            return List.of(open.isEmpty() ? Finding.ok("FILE-01", what, "so it is")
                    : Finding.warn("FILE-01", what, "others may read " + open.get(0) + (open.size() > 1 ? " and more" : ""),
                    "chmod go-rwx " + open.get(0)));
        });
    }

    private static Stream<Path> below(Path path) {
        try (Stream<Path> all = Files.walk(path, 2)) {
            return all.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOpen(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
        } catch (UnsupportedOperationException e) {
            return false; // this file system keeps no modes
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
