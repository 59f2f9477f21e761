package io.caravan.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Role;
import io.caravan.piece.ImportedFile;
import io.caravan.piece.UnixFsLayout;
import io.caravan.support.ChildJvm;
import io.caravan.support.TwoHosts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs both sides of a push over a real wire in one JVM whose heap is far smaller than the file. */
class TransferSmallHeapTest {

    @TempDir
    Path folder;

    @Test
    void pushesAFileThreeTimesTheHeapOfBothSides() throws Exception {
        assertThat(run(192, "-Xmx64m")).contains("COMPLETED");
    }

    @Test
    @Tag("soak")
    void pushesAGibibyteInHalfAGibibyte() throws Exception {
        assertThat(run(1024, "-Xmx512m")).contains("COMPLETED");
    }

    private String run(int mebibytes, String heap) throws Exception {
        return ChildJvm.run(TransferSmallHeapTest.class, heap, folder.resolve("out"), folder.toString(), Integer.toString(mebibytes));
    }

    /** The child: a folder and a size in MiB. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int mebibytes = Integer.parseInt(args[1]);
        Path source = folder.resolve("payload");
        byte[] chunk = new byte[1 << 20];
        Random random = new Random(mebibytes);
        try (OutputStream out = Files.newOutputStream(source)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(chunk);
                out.write(chunk);
            }
        }
        Path index = folder.resolve("index");
        ImportedFile file = ImportedFile.importFile(source, index, UnixFsLayout.LOTUS);
        try (TwoHosts hosts = TwoHosts.start();
                TransferWorld world = new TransferWorld(hosts.near(), hosts.far(), folder.resolve("staging.car"),
                        file.root(), () -> ImportedFile.open(index), TransferSettings.DEFAULT)) {
            long start = System.nanoTime();
            world.push();
            Transfer end = world.minerJournal.await(Role.PROVIDER, t -> t.status().isEnd(), Duration.ofMinutes(5));
            long millis = (System.nanoTime() - start) / 1_000_000;
            System.out.println(end.status() + " " + mebibytes + " MiB in " + millis + " ms " + end.error());
        }
        System.exit(0);
    }
}
