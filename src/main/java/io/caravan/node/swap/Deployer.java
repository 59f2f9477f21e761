package io.caravan.node.swap;

import io.caravan.camel.LiveContext;
import io.caravan.node.swap.RouteRefusedException.Reason;
import io.caravan.node.swap.RouteSwap.Text;
import io.caravan.store.RouteBook;
import io.caravan.store.RouteBook.Verdict;
import io.caravan.store.RouteBook.Version;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of the route files runs, and how that changes: a text is held against the rules, built on paper, put in the place of
 * the one before, and that one started again when it does not start. A text that is refused changes nothing. One change at a
 * time; every one is a row of the {@link RouteBook}, written before it is made.
 */
public final class Deployer {

    private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);
    /** A file of which nothing could be started is tried again once in so many looks. */
    private static final int ASTRAY_LOOKS = 8;

    private final Tools tools;
    private final RouteSwap swap;
    private final Moments moments;
    private final Map<String, Deployed> files = new TreeMap<>(RouteFolder::errorsFirst);
    private final Map<String, Refusal> refusals = new TreeMap<>();
    /** Files whose routes still go by settings that were taken back. */
    private final Set<String> stale = new TreeSet<>();
    private final Map<String, Version> earlier = new HashMap<>();
    private int generation;
    private int looks;

    /** @param check holds texts against the rules and builds them on paper */
    public record Tools(LiveContext context, RouteFolder folder, RouteCheck check, RouteBook book, Clock clock) {}

    /**
     * A file that runs.
     *
     * @param version 0 until the book has it
     * @param since when it was loaded
     */
    record Deployed(Text text, int version, Instant since) {}

    /** The text of a file that is not taken, and why; of a file that is gone the hash is empty. */
    public record Refusal(String file, String hash, Reason reason, String sentence, Instant at) {}

    public Deployer(Tools tools) {
        this.tools = tools;
        this.swap = new RouteSwap(tools.context());
        this.moments = new Moments(tools.context(), tools.book());
    }

    /** What runs, by file. */
    synchronized Map<String, Deployed> deployed() {
        return Map.copyOf(files);
    }

    /** Texts on disk that do not run, by file. */
    public synchronized List<Refusal> refusals() {
        return List.copyOf(refusals.values());
    }

    /** Files of which neither a new text nor the one before started; they are tried again now and then. */
    synchronized Set<String> astray() {
        return swap.astray();
    }

    /** The route that serves a state at this node, of any file; empty where none does. */
    synchronized Optional<String> serving(String state) {
        return files.values().stream().flatMap(file -> file.text().outline().routes().stream())
                .filter(route -> PhaseRules.states(route).anyMatch(state::equals)).map(Outline.RouteShape::id).findFirst();
    }

    /** Counts what was taken: what was refused before may be taken after. */
    synchronized int generation() {
        return generation;
    }

    /** The outlines of what runs. */
    private Map<String, Outline> outlines() {
        Map<String, Outline> outlines = new TreeMap<>();
        files.forEach((name, file) -> outlines.put(name, file.text().outline()));
        return outlines;
    }

    /** What ran at the end of the last life. */
    synchronized void ranBefore(Map<String, Version> versions) {
        earlier.putAll(versions);
    }

    /** Starts a text beside what runs that is no change: it ran before, or is what is left to fall back on. */
    synchronized void adopt(RouteFile file, int version) {
        Text text = checked(file);
        swap.replace(file.name(), List.of(), List.of(text));
        started(text, version);
    }

    /** A file that ran in the last life is gone, and nobody needs it. */
    synchronized void noteGone(Version ran, String who) {
        String name = ran.file();
        Outline before = OutlineReader.read(new RouteFile(name, ran.text()));
        tools.check().checkDrop(name, before, outlines());
        tools.book().dropped(begin(name, who, null, ""), name, gone(before, outlines().values()));
        earlier.remove(name);
    }

    /** That file runs, as it was loaded at the start. */
    synchronized void started(Text text, int version) {
        files.put(text.file().name(), new Deployed(text, version, tools.clock().instant()));
    }

    /** That text of a file does not run. */
    synchronized void refused(RouteFile file, RouteRefusedException why) {
        refusals.put(file.name(), new Refusal(file.name(), file.text().isEmpty() ? "" : file.hash(), why.reason(), why.getMessage(),
                tools.clock().instant()));
    }

    /**
     * Holds a text against the rules and what runs, and builds it on paper; nothing changes.
     *
     * @throws RouteRefusedException with the code, the line and what is wrong
     */
    public synchronized void check(RouteFile candidate) {
        checked(candidate);
    }

    Text checked(RouteFile candidate) {
        return tools.check().check(candidate, outlines(), name -> files.get(name).text().file());
    }

    /**
     * Puts a text in the place of what runs.
     *
     * @param who changes it
     * @param isLastWord whether a refusal is written down; else the caller will try again
     * @throws RouteRefusedException when it is not taken; what ran before runs
     */
    public synchronized void take(RouteFile candidate, String who, boolean isLastWord) {
        String name = candidate.name();
        Deployed before = files.get(name);
        if (before != null && before.text().file().equals(candidate)) {
            refusals.remove(name);
            return;
        }
        Text text;
        try {
            text = checked(candidate);
        } catch (RouteRefusedException e) {
            if (isLastWord) {
                refuse(candidate, who, e, Verdict.REFUSED);
            }
            throw e;
        }
        List<Text> along = along(name, text.outline());
        long id = begin(name, who, before, candidate.text());
        SortedSet<String> stopped;
        try {
            List<Text> now = new ArrayList<>(along);
            if (before != null) {
                now.add(0, before.text());
            }
            stopped = swap.replace(name, now, Stream.concat(Stream.of(text), along.stream()).toList());
        } catch (RouteRefusedException e) {
            if (isKnownBusy(candidate, e)) {
                tools.book().withdraw(id); // one line says it, however often it is tried
                throw e;
            }
            tools.book().end(id, e.reason() == Reason.BUSY ? Verdict.REFUSED : Verdict.ROLLED_BACK, e.getMessage());
            refused(candidate, e);
            LOG.warn("{} is not taken: {}", name, e.getMessage());
            throw e;
        }
        stale.remove(name);
        files.put(name, new Deployed(text, 0, tools.clock().instant())); // it runs, whatever becomes of its row
        refusals.remove(name);
        generation++;
        Outline old = before == null ? SwapNote.NOTHING : before.text().outline();
        String note = SwapNote.of(gone(old, outlines().values()), SwapNote.kept(stopped), SwapNote.along(along));
        int version = tools.book().taken(id, name, candidate.hash(), candidate.text(), note);
        files.put(name, new Deployed(text, version, tools.clock().instant()));
        LOG.info("{} runs as version {}, by {}", name, version, who);
    }

    /**
     * Takes the routes of a file that is gone away.
     *
     * @throws RouteRefusedException when others need them; they run on
     */
    public synchronized void drop(String name, String who, boolean isLastWord) {
        Deployed before = files.get(name);
        if (before == null) {
            refusals.remove(name); // a text that never ran
            return;
        }
        RouteFile nothing = new RouteFile(name, "");
        try {
            tools.check().checkDrop(name, before.text().outline(), outlines());
        } catch (RouteRefusedException e) {
            if (isLastWord) {
                refuse(nothing, who, e, Verdict.REFUSED);
            }
            throw e;
        }
        long id = begin(name, who, before, "");
        try {
            swap.replace(name, List.of(before.text()), List.of());
        } catch (RouteRefusedException e) {
            tools.book().end(id, Verdict.REFUSED, e.getMessage());
            refused(nothing, e);
            throw e;
        }
        Map<String, Outline> left = outlines();
        left.remove(name);
        tools.book().dropped(id, name, gone(before.text().outline(), left.values()));
        files.remove(name);
        stale.remove(name);
        refusals.remove(name);
        generation++;
        LOG.info("{} runs no more, by {}", name, who);
    }

    /**
     * Goes back to an earlier version, in the file too, so that the next start finds it.
     *
     * @param version null for the one that ran before
     * @throws RouteRefusedException when there is no such version, or it is not taken; nothing changed then
     */
    public synchronized Version rollback(String name, @Nullable Integer version, String who) {
        Optional<Version> found = version == null ? tools.book().before(name) : tools.book().version(name, version);
        Version wanted = found.orElseThrow(() -> new RouteRefusedException(Reason.NO_SUCH_VERSION, name, 0,
                version == null ? "no other version of it ran here" : "there is no version " + version + " of it"));
        Deployed now = files.get(name);
        RouteFile file = new RouteFile(name, wanted.text());
        if (now != null && now.text().file().equals(file) && tools.folder().read(name).filter(file::equals).isPresent()) {
            throw new RouteRefusedException(Reason.NO_SUCH_VERSION, name, 0, "version " + wanted.version() + " runs already");
        }
        checked(file);
        Optional<RouteFile> onDisk = tools.folder().read(name);
        tools.folder().write(file);
        try {
            take(file, who, true);
        } catch (RouteRefusedException e) {
            onDisk.ifPresentOrElse(tools.folder()::write, () -> tools.folder().remove(name));
            throw e;
        }
        return wanted;
    }

    /**
     * Settings have other values now: the routes of the files that name one of them start anew.
     *
     * @param placeholders what routes see; has the new values afterwards, or the old ones when a route does not start by them
     * @return the settings that a route names
     * @throws RouteRefusedException when a route does not start by the new values
     */
    synchronized SortedSet<String> reset(Set<String> keys, Map<String, String> values, Properties placeholders) {
        SortedSet<String> named = new TreeSet<>();
        List<Text> texts = files.values().stream().map(Deployed::text).filter(text -> keys.stream()
                .filter(key -> names(text.file().text(), key)).peek(named::add).count() > 0).toList();
        Properties old = new Properties();
        old.putAll(placeholders);
        named.forEach(key -> set(placeholders, key, values.get(key)));
        List<Text> done = new ArrayList<>();
        try {
            for (Text text : texts) {
                done.add(text);
                tools.check().build(text, beside -> files.get(beside).text().file(), outlines());
                swap.replace(text.file().name(), List.of(text), List.of(text));
            }
        } catch (RouteRefusedException e) {
            named.forEach(key -> set(placeholders, key, old.getProperty(key)));
            done.forEach(this::anew);
            throw e;
        }
        generation++;
        return named;
    }

    /** Starts a text anew by the settings as they are; one that is at work now is tried again by {@link #note}. */
    private void anew(Text text) {
        String name = text.file().name();
        try {
            swap.replace(name, List.of(text), List.of(text));
            stale.remove(name);
            refusals.computeIfPresent(name, (key, one) -> new Refusal(key, one.hash(), one.reason(), one.sentence().replace(RouteSwap.NOT_BACK, ""), one.at()));
        } catch (RouteRefusedException e) {
            if (!swap.astray().contains(name)) {
                stale.add(name);
            }
            LOG.warn("{} does not start anew yet: {}", name, e.getMessage());
        }
    }

    private static boolean names(String text, String key) {
        return text.contains("{{" + key + "}}") || text.contains("{{" + key + ":");
    }

    private static void set(Properties placeholders, String key, @Nullable String value) {
        if (value == null) {
            placeholders.remove(key);
        } else {
            placeholders.setProperty(key, value);
        }
    }

    /** Gives the book what it does not have yet, and does what could not be done before. */
    synchronized void note() {
        Stream<String> again = ++looks % ASTRAY_LOOKS == 0 ? Stream.concat(stale.stream(), swap.astray().stream()).distinct() : stale.stream();
        again.toList().stream().map(files::get).filter(Objects::nonNull).forEach(file -> anew(file.text()));
        for (Deployed file : List.copyOf(files.values())) {
            if (file.version() == 0) {
                RouteFile text = file.text().file();
                files.put(text.name(), new Deployed(file.text(), tools.book().found(text.name(), text.hash(), text.text()), file.since()));
            }
        }
    }

    private long begin(String name, String who, @Nullable Deployed before, String text) {
        Version ran = earlier.get(name);
        if (before == null) {
            return tools.book().begin(who, name, ran == null ? null : (Integer) ran.version(),
                    UnifiedDiff.of(name, ran == null ? "" : ran.text(), text));
        }
        return tools.book().begin(who, name, before.version() == 0 ? null : (Integer) before.version(),
                UnifiedDiff.of(name, before.text().file().text(), text));
    }

    private void refuse(RouteFile candidate, String who, RouteRefusedException why, Verdict verdict) {
        long id = begin(candidate.name(), who, files.get(candidate.name()), candidate.text());
        tools.book().end(id, verdict, why.getMessage());
        refused(candidate, why);
        LOG.warn("a change of {} is not taken, what ran before runs: {}", candidate.name(), why.getMessage());
    }

    /** What is not served, and not rung for, since a file does not have it any more. */
    private @Nullable String gone(Outline before, Collection<Outline> now) {
        return SwapNote.of(SwapNote.unserved(before, now), moments.release(before, now));
    }

    /** What went astray is not waited for, nor tried again: the node goes. */
    synchronized void letGo() {
        swap.letGo();
    }

    /** The other files whose routes have to be built anew with this one, because it declares their error configuration. */
    private List<Text> along(String name, Outline fresh) {
        Set<String> declared = new HashSet<>();
        fresh.configurations().forEach(one -> declared.add(one.id()));
        return files.values().stream().map(Deployed::text).filter(text -> !text.file().name().equals(name))
                .filter(text -> text.outline().routes().stream().anyMatch(route -> declared.contains(route.configuration().id()))).toList();
    }

    private boolean isKnownBusy(RouteFile candidate, RouteRefusedException why) {
        Refusal known = refusals.get(candidate.name());
        return why.reason() == Reason.BUSY && known != null && known.reason() == Reason.BUSY && known.hash().equals(candidate.hash());
    }
}
