package io.caravan.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every conformance scenario 1 to 143 (deal-lifecycle §15) is a test, or stands in {@code scenario/absent.txt} with the
 * reason why it is none. A test says which it is by a name that begins with the number: {@code "S017 …"}.
 */
class ScenarioIndexTest {

    private static final int LAST = 143;
    private static final Path TESTS = Path.of("src/test/java");
    private static final Path ABSENT = Path.of("src/test/resources/scenario/absent.txt");
    /** A text that begins with a number, outside of comments. */
    private static final Pattern NAMED = Pattern.compile("\"S(\\d{3})[ \"]");

    @Test
    void everyScenarioIsATestOrSaysWhyNot() throws IOException {
        Set<Integer> tested = tested();
        Set<Integer> absent = absent().keySet();
        assertThat(IntStream.rangeClosed(1, LAST).filter(n -> !tested.contains(n) && !absent.contains(n)).boxed().toList())
                .as("scenarios that are neither a test nor in " + ABSENT).isEmpty();
        assertThat(absent.stream().filter(tested::contains).toList()).as("scenarios in " + ABSENT + " that are tests").isEmpty();
        assertThat(tested).allMatch(n -> n >= 1 && n <= LAST);
        assertThat(absent).allMatch(n -> n >= 1 && n <= LAST);
    }

    private static Set<Integer> tested() throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("ScenarioIndexTest.java"))
                    .flatMap(ScenarioIndexTest::numbers).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Stream<Integer> numbers(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            List<String> code = lines.filter(line -> !line.strip().startsWith("*") && !line.strip().startsWith("/")).toList();
            return code.stream().flatMap(line -> NAMED.matcher(line).results().map((MatchResult m) -> Integer.valueOf(m.group(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines {@code 017 reason}; a number twice or without a reason is an error. */
    private static Map<Integer, String> absent() throws IOException {
        Map<Integer, String> absent = new TreeMap<>();
        for (String line : Files.readAllLines(ABSENT)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                assertThat(line).matches("\\d{3} \\S.*");
                assertThat(absent.put(Integer.valueOf(line.substring(0, 3)), line.substring(4))).as("twice: " + line).isNull();
            }
        }
        return absent;
    }
}
