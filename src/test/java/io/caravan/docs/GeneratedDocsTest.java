package io.caravan.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages that are written from the code are as the code is. To write them again:
 * {@code mvn test -Dtest=GeneratedDocsTest -Dcaravan.docs.write=true}
 */
class GeneratedDocsTest {

    static Stream<Arguments> pages() {
        return Stream.of(page("components", ComponentsPage::text), page("rpc", RpcPage::text),
                page("configuration", ConfigurationPage::text), page("metrics", MetricsPage::text));
    }

    private static Arguments page(String name, Supplier<String> text) {
        return Arguments.of(Path.of("docs", name + ".md"), text);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void isAsTheCodeIs(Path file, Supplier<String> text) throws IOException {
        if (Boolean.getBoolean("caravan.docs.write")) {
            Files.writeString(file, text.get());
        }
        assertThat(file).as("written again by -Dcaravan.docs.write=true").hasContent(text.get());
    }
}
