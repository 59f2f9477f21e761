package io.caravan.node.hawtio;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.rpc.HttpPage;
import io.caravan.support.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hawtio's files, which strangers may have too. */
@Timeout(60)
class ConsoleFilesTest {

    private static final String BIG = "html.worker.js";

    @Test
    void whoFetchesThemSlowlyDoesNotKeepEveryWorkerWaiting() throws Exception {
        ConsoleFiles files = new ConsoleFiles();
        List<HttpPage.Reply> slow = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            slow.add(files.reply(BIG));
            assertThat(slow.get(i).stream()).isNotNull();
        }
        ExecutorService workers = Executors.newFixedThreadPool(16);
        List<CompletableFuture<HttpPage.Reply>> more = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            more.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return files.reply(BIG);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, workers));
        }
        Await.until("the rest is told to come again at once", Duration.ofSeconds(6),
                () -> more.stream().filter(CompletableFuture::isDone).count() >= 10);
        for (HttpPage.Reply reply : slow) {
            reply.stream().bytes().close();
        }
        for (CompletableFuture<HttpPage.Reply> one : more) {
            HttpPage.Reply reply = one.join();
            if (reply.stream() != null) {
                reply.stream().bytes().close();
            }
        }
        workers.shutdown();
    }
}
