package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.store.FileAudit;
import io.caravan.store.FileAudit.Kind;
import io.caravan.store.Litter;
import io.caravan.store.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what no live deal refers to (deal-lifecycle §6.4): files in the role's own folders, transfers and places in the
 * publish queue of deals that are over, and moves that were told. What is still reserved for them the fund keeper gives back. Only what has not
 * changed for a while is looked at, so that nothing is taken from a deal that is just being made. Each removal is audited,
 * but for the notes of publications: they are an audit themselves, and go when their time is over.
 */
public final class Janitor {

    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);
    private static final int BATCH = 500;
    /** There are many more moves than anything else, and they are small. */
    private static final int MOVES = 10_000;
    private static final int DEPTH = 4;
    /** Batches in one round, so that a round ends; the rest is the next one's. */
    private static final int ROUNDS = 100;

    private final Litter litter;
    private final FileAudit audit;
    private final Removals removals;
    private final Outbox outbox;
    private final List<Place> places;
    private final Supplier<Ages> ages;
    private final Clock clock;

    /**
     * A folder that is only this node's.
     *
     * @param kept which files stay although no deal refers to them
     */
    public record Place(Path folder, Kind kind, Predicate<Path> kept) {}

    /** What it works with. */
    public record Tools(Litter litter, FileAudit audit, Removals removals, Outbox outbox) {}

    /**
     * How long things stay.
     *
     * @param unused since a thing was left alone
     * @param publications since a deal's end: in which messages it was
     * @param moves since they happened: what is told to those who follow from outside, once each has taken it
     */
    public record Ages(Duration unused, Duration publications, Duration moves) {}

    /** @param ages are asked at each round */
    public Janitor(Tools tools, List<Place> places, Supplier<Ages> ages, Clock clock) {
        this.litter = tools.litter();
        this.audit = tools.audit();
        this.removals = tools.removals();
        this.outbox = tools.outbox();
        this.places = List.copyOf(places);
        this.ages = ages;
        this.clock = clock;
    }

    /** One round; calling it again does no harm. */
    public void sweep() {
        Ages now = ages.get();
        Instant before = clock.instant().minus(now.unused());
        places.forEach(place -> sweep(place, before));
        for (Cid deal : litter.dealsWithOrphanTransfers(before, BATCH)) {
            removals.transfers(deal, "its deal is over");
        }
        for (Cid deal : litter.dealsWithOrphanPlaces(before, BATCH)) {
            removals.publishEntry(deal, "its deal is over");
        }
        forgetPublications(clock.instant().minus(now.publications()));
        forgetMoves(clock.instant().minus(now.moves()));
        audit.openBefore(before, BATCH).stream().filter(line -> isGone(line.kind(), line.subject()))
                .forEach(line -> audit.done(line.kind(), line.subject(), "gone"));
    }

    private void forgetPublications(Instant before) {
        int forgotten = inRounds(() -> litter.forgetAttempts(before, BATCH));
        if (forgotten > 0) {
            LOG.info("forgot {} publications of deals that ended before {}; their messages stay", forgotten, before);
        }
    }

    private void forgetMoves(Instant before) {
        int forgotten = inRounds(() -> outbox.forget(before, MOVES));
        if (forgotten > 0) {
            LOG.info("forgot {} moves before {} that every receiver has taken; the histories of the deals stay", forgotten, before);
        }
    }

    private static int inRounds(IntSupplier batch) {
        int all = 0;
        int last = 1;
        for (int round = 0; round < ROUNDS && last > 0; round++) {
            last = batch.getAsInt();
            all += last;
        }
        return all;
    }

    private static boolean isGone(Kind kind, String subject) {
        return switch (kind) {
            case STAGING_CAR, PIECE_COPY, STAGING_ORPHAN, TEMP_FILE -> !Files.exists(Path.of(subject));
            case TRANSFER_ROW, PUBLISH_ENTRY -> true; // what is still there is planned again
        };
    }

    private void sweep(Place place, Instant before) {
        Set<String> inUse = litter.filesInUse();
        for (Path file : files(place.folder())) {
            if (!isInUse(file, inUse) && !place.kept().test(file) && isOlder(file, before)) {
                removals.file(null, place.kind(), file.toString(), "no live deal refers to it");
            }
        }
    }

    /** A file beside a deal's file, named as it with something behind a dot, belongs to it. */
    private static boolean isInUse(Path file, Set<String> inUse) {
        String path = file.toAbsolutePath().toString();
        for (int end = path.length(); end > path.lastIndexOf('/'); end = path.lastIndexOf('.', end - 1)) {
            if (inUse.contains(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder, DEPTH)) {
            return all.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            LOG.warn("cannot look into {}: {}", folder, e.toString());
            return List.of();
        }
    }

    private static boolean isOlder(Path file, Instant before) {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(before);
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }
}
