package io.caravan.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages point at is there: files that they link, and tests, classes and routes that they name. */
class LinksTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern CLASS = Pattern.compile("`((?:[a-z]+/)?(?:[a-z]+/)?)([A-Z][A-Za-z0-9]+(?:Test|IT)?)`");
    private static final Pattern ROUTE = Pattern.compile("`(routes/(?:daemon|miner|sealing)/[0-9]-[a-z0-9]+)`");

    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"));
                Stream<Path> bench = Files.list(Path.of("bench"));
                Stream<Path> root = Files.list(Path.of("."))) {
            return Stream.of(docs, bench, root).flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksOnlyWhatIsThere(Path page) {
        Path folder = page.toAbsolutePath().getParent();
        assertThat(LINK.matcher(Pages.read(page)).results().map(found -> found.group(1))
                .filter(target -> !target.contains(":")).filter(target -> !Files.exists(folder.resolve(target))))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void namesOnlyRoutesThatAreThere(Path page) {
        assertThat(ROUTE.matcher(Pages.read(page)).results().map(found -> found.group(1))
                .filter(route -> !Files.exists(Path.of(route + ".camel.yaml")))).isEmpty();
    }

    /** A class is named with its folder, as {@code deal/FundReserver}, or a test by its name alone. */
    @ParameterizedTest
    @MethodSource("pages")
    void namesOnlyClassesThatAreThere(Path page) throws IOException {
        List<String> ours;
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            ours = files.map(Path::toString).filter(file -> file.endsWith(".java")).toList();
        }
        assertThat(CLASS.matcher(Pages.read(page)).results()
                .filter(found -> !found.group(1).isEmpty() || found.group(2).matches(".*(Test|IT)"))
                .map(found -> "/" + found.group(1) + found.group(2) + ".java")
                .filter(name -> ours.stream().noneMatch(file -> file.endsWith(name)))).isEmpty();
    }
}
