package io.caravan.node.swap;

import io.caravan.node.config.ConfigException;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.NextStart;
import io.caravan.node.config.Settings;
import io.caravan.node.net.Finding;
import io.caravan.store.RouteBook;
import io.caravan.store.RouteBook.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the files of settings while a role runs. What can take effect does, by {@link LiveSettings} and by the routes that
 * name it; the rest is noted for the next start, with the reason. A value that cannot be used is refused with its sentence, and
 * everything stays as it was.
 */
public final class SettingsWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsWatch.class);
    private static final String CODE = "SETTINGS";
    private static final String CHECK = "settings";
    private static final int SETTLED = 2;
    private static final int BUSY_LOOKS = 8;

    /** What begins so is of the other role, which says itself what it makes of it. */
    private static final Map<String, List<String>> OTHERS = Map.of("miner", List.of("daemon."), "daemon", List.of("miner.", "sealing."));

    private final String role;
    private final LiveSettings settings;
    private final RouteBook book;
    private final Consumer<Settings> check;
    private String stamp;
    private String judged;
    private int looks;
    private boolean isBusy;
    /** What is wrong with the files as they are; null while they hold what runs. */
    private volatile @Nullable Finding wrong;

    /** @param check throws a ConfigException for values that cannot be used, alone or together */
    public SettingsWatch(String role, LiveSettings settings, RouteBook book, Consumer<Settings> check) {
        this.role = role;
        this.settings = settings;
        this.book = book;
        this.check = check;
        this.stamp = stamp();
        this.judged = stamp;
    }

    /** For health: whether what the files say can be used. */
    public List<Finding> findings() {
        Finding now = wrong;
        return List.of(now == null ? Finding.ok(CODE, CHECK, "what the files say can be used") : now);
    }

    /** One look; whether it saw something new that is not judged yet. */
    boolean look(RouteSettings routes) {
        String now = stamp();
        boolean isNew = !now.equals(stamp);
        looks = isNew ? 1 : looks + 1;
        isBusy = isBusy && !isNew;
        stamp = now;
        if (!now.equals(judged) && looks >= SETTLED) {
            judge(routes);
            if (isBusy) {
                looks = SETTLED - BUSY_LOOKS;
            } else {
                judged = now;
            }
        }
        return isNew && !now.equals(judged);
    }

    private void judge(RouteSettings routes) {
        Settings running = settings.now();
        Settings fresh;
        try {
            fresh = running.again();
        } catch (ConfigException e) {
            refuse("settings", "", e);
            return;
        }
        SortedSet<String> keys = fresh.differingFrom(running);
        if (keys.isEmpty()) {
            wrong = null;
            return;
        }
        String file = keys.stream().map(fresh::origin).filter(one -> !one.isEmpty()).distinct().collect(Collectors.joining(", "));
        String diff = diff(keys, running, fresh);
        try {
            check.accept(fresh);
            settings.check(fresh);
        } catch (ConfigException | IllegalArgumentException e) {
            refuse(file, diff, e);
            return;
        }
        long id = book.begin(owner(), file, null, diff);
        SortedSet<String> later = new TreeSet<>(keys);
        try {
            later.removeAll(take(keys, running, fresh, routes));
        } catch (RuntimeException e) {
            if (e instanceof RouteRefusedException refused && refused.reason() == RouteRefusedException.Reason.BUSY) {
                busy(id, refused);
                return;
            }
            isBusy = false;
            wrong = Finding.warn(CODE, CHECK, e.getMessage() + ": what was set before holds",
                    "set another value in " + file + ", or take the line out; ./caravan routes history says what was tried");
            book.end(id, Verdict.ROLLED_BACK, e.getMessage());
            LOG.warn("settings that changed are not taken: {}", e.getMessage());
            return;
        }
        isBusy = false;
        wrong = null;
        boolean isNothingTaken = later.size() == keys.size();
        if (isNothingTaken && keys.stream().allMatch(this::isOthers)) {
            book.withdraw(id);
            return;
        }
        later.removeIf(this::isOthers);
        String note = later.isEmpty() ? null : later.stream().map(key -> key + " (" + NextStart.reasonHere(key) + ")")
                .collect(Collectors.joining(", ")) + (later.size() == 1 ? " takes" : " take") + " effect at the next start";
        book.end(id, isNothingTaken ? Verdict.NEXT_START : Verdict.TAKEN, note);
        LOG.info("settings changed: {}{}", keys, note == null ? "" : "; " + note);
    }

    /** A route that names one of them is at work: all of it is tried again, and one line says so. */
    private void busy(long id, RouteRefusedException why) {
        if (isBusy) {
            book.withdraw(id);
            return;
        }
        isBusy = true;
        book.end(id, Verdict.REFUSED, why.getMessage());
        LOG.warn("settings that changed are not taken yet: {}", why.getMessage());
    }

    /** Which keys took effect. Routes come first, as they are what may not start; they go back if anything else fails. */
    private SortedSet<String> take(SortedSet<String> keys, Settings running, Settings fresh, RouteSettings routes) {
        SortedSet<String> taken = new TreeSet<>(routes.use(keys, fresh.placeholders()));
        try {
            settings.use(fresh);
        } catch (RuntimeException e) {
            if (!taken.isEmpty()) {
                routes.use(keys, running.placeholders());
            }
            throw e;
        }
        keys.stream().filter(settings.followed()::contains).forEach(taken::add);
        return taken;
    }

    /** Nobody here goes by it. */
    private boolean isOthers(String key) {
        return OTHERS.getOrDefault(role, List.of()).stream().anyMatch(key::startsWith) && !settings.followed().contains(key);
    }

    private void refuse(String file, String diff, Exception why) {
        wrong = Finding.warn(CODE, CHECK, why.getMessage() + ": what was set before holds",
                "correct it, or take the line out; ./caravan check-config looks at all of them, and as they are the next start would fail");
        long id = book.begin(owner(), file, null, diff);
        book.end(id, Verdict.REFUSED, why.getMessage());
        LOG.warn("a change of the settings is not taken, what was set before holds: {}", why.getMessage());
    }

    private static String diff(SortedSet<String> keys, Settings running, Settings fresh) {
        StringBuilder diff = new StringBuilder();
        for (String key : keys) {
            running.shown(key).ifPresent(line -> diff.append('-').append(line).append('\n'));
            fresh.shown(key).ifPresent(line -> diff.append('+').append(line).append('\n'));
        }
        return diff.toString();
    }

    private String owner() {
        for (Path file : settings.now().files()) {
            try {
                if (Files.exists(file)) {
                    return Files.getOwner(file).getName() + " (the file)";
                }
            } catch (IOException | UnsupportedOperationException e) {
                continue; // the next one may tell
            }
        }
        return "somebody (the file)";
    }

    private String stamp() {
        StringBuilder all = new StringBuilder();
        for (Path file : settings.now().files()) {
            try {
                all.append(Files.getLastModifiedTime(file)).append(' ').append(Files.size(file)).append(';');
            } catch (IOException e) {
                all.append("-;");
            }
        }
        return all.toString();
    }

    /** The routes as takers of settings. */
    interface RouteSettings {

        /**
         * @param keys what changed
         * @param values of all settings, as routes see them
         * @return those that a route names, which runs by the new values now
         */
        SortedSet<String> use(SortedSet<String> keys, java.util.Map<String, String> values);
    }
}
