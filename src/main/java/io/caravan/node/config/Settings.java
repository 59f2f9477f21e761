package io.caravan.node.config;

import io.caravan.model.TokenAmount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one program run, merged from all sources and free of unknown keys.
 *
 * <p>Every getter throws {@link ConfigException} with one sentence that names the key, the value and its origin. A key
 * that the shipped files do not declare is a bug of the caller and also refused.
 */
public final class Settings {

    private static final Pattern SECRET = Pattern.compile("token|password|passphrase|secret|\\.key$|^my\\.");

    /** A value and the file, variable or option it came from. */
    record Value(String text, String origin) {}

    /** Where they came from, and how to read that again. */
    record Source(List<Path> files, Supplier<Settings> again) {}

    private final Map<String, Value> values;
    private final Source source;
    private final Consumer<String> reader;

    Settings(Map<String, Value> values, Source source) {
        this(values, source, key -> { });
    }

    private Settings(Map<String, Value> values, Source source, Consumer<String> reader) {
        this.values = Map.copyOf(values);
        this.source = source;
        this.reader = reader;
    }

    /** The same, telling which keys are read. */
    Settings noting(Consumer<String> keys) {
        return new Settings(values, source, keys);
    }

    /** The files that were read, whether they were there or not. */
    public List<Path> files() {
        return source.files();
    }

    /**
     * The settings as the same sources say them now.
     *
     * @throws ConfigException when one cannot be read or has an unknown key
     */
    public Settings again() {
        return source.again().get();
    }

    /** The keys whose values differ from the other's. */
    public SortedSet<String> differingFrom(Settings other) {
        SortedSet<String> keys = new TreeSet<>();
        values.forEach((key, value) -> {
            Value theirs = other.values.get(key);
            if (theirs == null || !theirs.text().strip().equals(value.text().strip())) {
                keys.add(key);
            }
        });
        other.values.keySet().stream().filter(key -> !values.containsKey(key)).forEach(keys::add);
        return keys;
    }

    /** The value as text and where it comes from; empty where there is no such key. */
    public Optional<String> shown(String key) {
        return Optional.ofNullable(values.get(key)).map(value -> key + " = " + (SECRET.matcher(key).find() && !value.text().isBlank()
                ? "(not shown)" : value.text().strip()));
    }

    /** Where a key's value comes from. */
    public String origin(String key) {
        Value value = values.get(key);
        return value == null ? "" : value.origin();
    }

    /** The text of a key; an empty value is an error. */
    public String text(String key) {
        return optional(key).orElseThrow(() -> wrong(key, "must not be empty"));
    }

    /** The text of a key, or empty where the value is blank. */
    public Optional<String> optional(String key) {
        String text = value(key).text().strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** A duration such as {@code 250ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 14d}. */
    public Duration duration(String key) {
        return Units.duration(text(key)).orElseThrow(() -> wrong(key, "is not a duration such as 250ms, 30s, 5m or 1h"));
    }

    /** A number of bytes such as {@code 2KiB} or {@code 32GiB}. */
    public long bytes(String key) {
        return Units.bytes(text(key)).orElseThrow(() -> wrong(key, "is not a size such as 512B, 2KiB or 32GiB"));
    }

    /** An amount such as {@code 0.2 FIL} or {@code 500000000 attoFIL}. */
    public TokenAmount amount(String key) {
        return parsed(key, TokenAmount::parse, "an amount such as 0.2 FIL or 500000000 attoFIL");
    }

    /** A whole number within bounds, both inclusive. */
    public long number(String key, long min, long max) {
        long number = parsed(key, Long::parseLong, "a whole number");
        if (number < min || number > max) {
            throw wrong(key, "must lie between " + min + " and " + max);
        }
        return number;
    }

    /** {@link #number} as an int. */
    public int integer(String key, int min, int max) {
        return (int) number(key, min, max);
    }

    /** {@code true} or {@code false}, nothing else. */
    public boolean flag(String key) {
        return switch (text(key)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, "must be true or false");
        };
    }

    /** A value made by {@code parser}; its IllegalArgumentException becomes the sentence. */
    public <T> T parsed(String key, Function<String, T> parser, String expected) {
        try {
            return parser.apply(text(key));
        } catch (IllegalArgumentException e) {
            throw wrong(key, "is not " + expected);
        }
    }

    /** A path; a leading {@code ~/} is the user's home folder. */
    public Path path(String key) {
        String text = text(key);
        return text.startsWith("~/") ? Path.of(System.getProperty("user.home")).resolve(text.substring(2)) : Path.of(text);
    }

    /** Whether the value of that key is nobody's to see: it is in no error, no log and no route. */
    public static boolean isSecret(String key) {
        return key.endsWith(".password") || key.endsWith(".token");
    }

    /** What routes see as placeholders: every key that is no secret, durations as milliseconds, which is the form Camel reads everywhere. */
    public Map<String, String> placeholders() {
        Map<String, String> out = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (!isSecret(key)) {
                out.put(key, Units.duration(value.text()).map(d -> Long.toString(d.toMillis())).orElse(value.text()));
            }
        });
        return out;
    }

    /** The sentence for a wrong value of a key. */
    public ConfigException wrong(String key, String what) {
        Value value = value(key);
        String shown = isSecret(key) ? "(not shown)" : value.text().replaceAll("(?i)(password=)[^&]*", "$1(not shown)");
        return new ConfigException(key, "%s = %s (%s) %s".formatted(key, shown, value.origin(), what));
    }

    /** The same with one key as it is in another's, to look for what is wrong besides; null where that changes nothing. */
    public @Nullable Settings withKeyOf(String key, Settings other) {
        if (!values.containsKey(key) || values.get(key).equals(other.values.get(key))) {
            return null;
        }
        Map<String, Value> changed = new LinkedHashMap<>(values);
        changed.put(key, other.value(key));
        return new Settings(changed, source);
    }

    private Value value(String key) {
        Value value = values.get(key);
        if (value == null) {
            throw new ConfigException("%s is not a known setting".formatted(key));
        }
        reader.accept(key);
        return value;
    }
}
