package io.caravan.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.WaitsOn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/operating.md says what to do about every message that asks a person to act: their codes and beginnings are in the source. */
class OperatingPageTest {

    /** Codes of health and doctor, and of refusals, operators' answers and the audit. */
    private static final Pattern FINDING = Pattern.compile("\"([A-Z]{2,8}-\\d{2})\"");
    private static final Pattern CODED = Pattern.compile("\"((?:V|F|OP|A|R)\\d{1,2})[\" ]");
    private static final Pattern START = Pattern.compile("new StartException\\(\\s*\"([^\"]+)\"");

    private final String page = read(Path.of("docs/operating.md"));

    @Test
    void hasEveryCode() throws IOException {
        Set<String> codes = new TreeSet<>();
        eachSource(source -> {
            collect(FINDING, source, codes);
            collect(CODED, source, codes);
        });
        assertThat(codes).as("codes in the source").hasSizeGreaterThan(60).contains("NET-03", "V14", "OP10", "A10", "R5", "RESTORE-01");
        assertThat(codes.stream().filter(code -> !page.contains("`" + code + "`")).toList()).as("codes without a line in docs/operating.md").isEmpty();
    }

    @Test
    void hasEverySentenceThatEndsAStart() throws IOException {
        Set<String> sentences = new TreeSet<>();
        eachSource(source -> collect(START, source, sentences));
        assertThat(sentences).hasSizeGreaterThan(5);
        assertThat(sentences.stream().filter(sentence -> Stream.of(sentence.split("%[sd]|[;:]")).map(String::strip)
                .noneMatch(part -> part.length() >= 10 && mentions(part))).toList()).as("start errors without a line in docs/operating.md").isEmpty();
    }

    @Test
    void saysWhatToDoForEachThingThatADealCanWaitOn() {
        for (WaitsOn on : WaitsOn.values()) {
            assertThat(page).contains("| `" + on.text() + "` |");
        }
    }

    /** The page quotes the piece, or the piece begins with what the page quotes. */
    private boolean mentions(String part) {
        Matcher quoted = Pattern.compile("`([^`]{10,})`").matcher(page);
        while (quoted.find()) {
            for (String words : quoted.group(1).split("…")) {
                if (words.strip().length() >= 10 && (part.contains(words.strip()) || words.contains(part))) {
                    return true;
                }
            }
        }
        return false;
    }

    private interface Source {
        void take(String text);
    }

    private static void eachSource(Source each) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> each.take(read(file)));
        }
    }

    private static void collect(Pattern pattern, String source, Set<String> into) {
        Matcher matcher = pattern.matcher(source);
        while (matcher.find()) {
            into.add(matcher.group(1));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
