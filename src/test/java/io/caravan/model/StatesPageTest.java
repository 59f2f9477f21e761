package io.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StatesPageTest {

    private static final Path PAGE = Path.of("docs/states.md");

    /** {@code -Dcaravan.docs.write=true} writes the page anew. */
    @Test
    void thePageSaysWhatTheFlowsDo() throws IOException {
        if (Boolean.getBoolean("caravan.docs.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, StatesPage.markdown());
        }
        assertThat(PAGE).hasContent(StatesPage.markdown());
    }
}
