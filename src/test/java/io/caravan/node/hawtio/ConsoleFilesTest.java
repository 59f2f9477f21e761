package io.caravan.node.hawtio;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.rpc.HttpPage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hawtio's files, which strangers may have too. */
@Timeout(60)
class ConsoleFilesTest {

    private static final String BIG = "html.worker.js";

    @Test
    void whoFetchesThemSlowlyTakesNobodysPlace() throws Exception {
        ConsoleFiles files = new ConsoleFiles();
        List<HttpPage.Reply> slow = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            slow.add(files.reply(BIG));
            assertThat(slow.get(i).stream()).as("not held whole").isNotNull();
        }
        HttpPage.Reply mine = files.reply(BIG);
        assertThat(mine.status()).isEqualTo(200);
        assertThat(mine.stream().bytes().readAllBytes()).hasSize((int) mine.stream().length());
        for (HttpPage.Reply reply : slow) {
            reply.stream().bytes().close();
        }
    }
}
