package io.caravan.piece;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Cid;
import io.caravan.support.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a whole import and its receiving side in a JVM whose heap is far smaller than the file. */
class SmallHeapTest {
    @TempDir
    Path folder;

    @Test
    void carriesAFileThreeTimesItsHeap() throws Exception {
        assertThat(run(96, "-Xmx32m")).contains("same piece");
    }

    @Test
    @Tag("soak")
    void carriesAGibibyteInSixtyFourMebibytes() throws Exception {
        assertThat(run(1024, "-Xmx64m")).contains("same piece");
    }

    private String run(int mebibytes, String heap) throws Exception {
        return ChildJvm.run(SmallHeapTest.class, heap, folder.resolve("out"), folder.toString(), Integer.toString(mebibytes));
    }

    /** The child: a folder and a size in MiB. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Path user = folder.resolve("user.bin");
        write(user, Integer.parseInt(args[1]));
        try (ImportedFile made = ImportedFile.importFile(user, folder.resolve("user.idx"), UnixFsLayout.LOTUS);
                StagingCar staged = StagingCar.create(folder.resolve("deal.car"), made.root(), CarLimits.DEFAULT)) {
            var traversal = new DagTraversal(made.root());
            for (Cid cid = traversal.next(); cid != null; cid = traversal.next()) {
                byte[] data = made.get(cid);
                staged.put(new Block(cid, data));
                traversal.loaded(data);
            }
            boolean same = staged.finish().equals(DagCar.commP(made.root(), made));
            System.out.println(same ? "same piece" : "pieces differ");
        }
    }

    private static void write(Path file, int mebibytes) throws IOException {
        byte[] part = new byte[1 << 20];
        var crc = new CRC32();
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                crc.update(i);
                part[i % part.length] = (byte) crc.getValue();
                part[(int) (crc.getValue() & 0xfffff)] = (byte) i;
                out.write(part);
            }
        }
    }
}
