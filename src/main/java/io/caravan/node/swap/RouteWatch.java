package io.caravan.node.swap;

import io.caravan.node.swap.RouteRefusedException.Reason;
import io.caravan.time.Alarms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the folder of routes now and then, and takes what changed there. A file that is being written is no change yet: it
 * has to look the same twice, and four times where it is empty, gone or broken, before it counts.
 */
final class RouteWatch {

    private static final Logger LOG = LoggerFactory.getLogger(RouteWatch.class);
    /** What was seen to be new is looked at once more so soon. */
    private static final Duration SOON = Duration.ofMillis(100);
    private static final int SETTLED = 2;
    private static final int SURE = 4;
    private static final int BUSY_LOOKS = 8;
    private static final Stamp ABSENT = new Stamp(0, -1);
    private static final Stamp UNKNOWN = new Stamp(0, -2);

    /** By which a change of a file is noticed. */
    private record Stamp(long nanos, long bytes) {}

    /** What is known of a file: its stamp, at how many looks it was the same, and against what it was judged. */
    private static final class Seen {
        private Stamp stamp = new Stamp(-1, -1);
        private int looks;
        private int judgedAgainst = -1;
        private int later;
    }

    private final Deployer deployer;
    private final RouteFolder folder;
    private final BooleanSupplier also;
    private volatile boolean isNew;
    private final Map<String, Seen> seen = new HashMap<>();

    /** @param also what else is done at each look; whether it saw something new, which is to be looked at again soon */
    RouteWatch(Deployer deployer, RouteFolder folder, BooleanSupplier also) {
        this.deployer = deployer;
        this.folder = folder;
        this.also = also;
    }

    void start(Alarms alarms, Duration every) {
        Duration soon = every.compareTo(SOON) < 0 ? every : SOON;
        alarms.every(() -> isNew ? soon : every, this::look);
    }

    /** One look. */
    void look() {
        try {
            boolean hasSeen = also.getAsBoolean();
            deployer.note();
            if (folder.isEditable()) {
                changes();
            }
            isNew = hasSeen || seen.values().stream().anyMatch(file -> file.looks == 1);
        } catch (RuntimeException e) {
            LOG.warn("a look at {} failed, the next one comes soon: {}", folder.root(), e.getMessage());
        }
    }

    private void changes() {
        List<String> open = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(RouteFolder::errorsFirst);
        names.addAll(folder.names());
        names.addAll(deployer.deployed().keySet());
        deployer.refusals().forEach(one -> names.add(one.file())); // to hear that it is gone
        for (String name : names) {
            Seen file = seen.computeIfAbsent(name, key -> new Seen());
            Stamp now = stamp(name);
            if (now.equals(UNKNOWN)) {
                file.looks = 0;
                continue; // a folder that is away, or cannot be read, says nothing of its files
            }
            file.looks = now.equals(file.stamp) ? file.looks + 1 : 1;
            if (!now.equals(file.stamp)) {
                file.judgedAgainst = -1;
                file.later = 0;
            }
            file.stamp = now;
            if (file.judgedAgainst != deployer.generation() && file.looks >= SETTLED && --file.later < 0) {
                open.add(name);
            }
        }
        boolean hasMoved = true;
        while (hasMoved && !open.isEmpty()) { // one may need another
            hasMoved = open.removeIf(name -> isTaken(name, false));
        }
        open.removeIf(name -> seen.get(name).looks < SURE);
        open.forEach(name -> isTaken(name, true));
        open.forEach(name -> seen.get(name).judgedAgainst = deployer.generation());
    }

    /** Whether there is nothing left to do about the file. */
    private boolean isTaken(String name, boolean isLastWord) {
        Seen file = seen.get(name);
        Optional<RouteFile> text = file.stamp.equals(ABSENT) ? Optional.empty() : folder.read(name);
        if (text.isEmpty() && !file.stamp.equals(ABSENT)) {
            file.looks = Math.min(file.looks, SETTLED);
            return true; // it cannot be read just now, which says nothing of what it holds: each look tries again
        }
        boolean isCertain = text.filter(one -> !one.text().isBlank()).isPresent();
        if (!isCertain && file.looks < SURE) {
            return false;
        }
        try {
            boolean isLast = isLastWord && !isKnown(name, text);
            if (text.isPresent()) {
                deployer.take(text.get(), folder.owner(name) + " (the file)", isLast);
            } else {
                deployer.drop(name, "somebody (the file)", isLast);
            }
            file.judgedAgainst = deployer.generation();
            return true;
        } catch (RouteRefusedException e) {
            if (e.reason() == Reason.BUSY) {
                file.later = BUSY_LOOKS;
            }
            if (e.reason() == Reason.NOT_STARTED) {
                file.judgedAgainst = deployer.generation();
                return true; // written down; it would not start at the next look either
            }
            return false;
        }
    }

    /** Whether that very text was refused before and it is written down. */
    private boolean isKnown(String name, Optional<RouteFile> text) {
        String hash = text.map(RouteFile::hash).orElse("");
        return deployer.refusals().stream().anyMatch(one -> one.file().equals(name) && one.hash().equals(hash));
    }

    private Stamp stamp(String name) {
        Path path = folder.path(name);
        try {
            BasicFileAttributes about = Files.readAttributes(path, BasicFileAttributes.class);
            return about.isRegularFile() ? new Stamp(about.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS), about.size()) : ABSENT;
        } catch (NoSuchFileException e) {
            return Files.isDirectory(path.getParent()) ? ABSENT : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
