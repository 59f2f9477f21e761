package io.caravan.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Cid;
import io.caravan.model.Role;
import io.caravan.piece.BlockSource;
import io.caravan.piece.DagCar;
import io.caravan.piece.ImportedFile;
import io.caravan.piece.UnixFsLayout;
import io.caravan.support.TwoHosts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The push between two real hosts on loopback. */
@Tag("compute")
class TransferOverTcpTest {

    private static final long SEED = 11;

    private final TwoHosts hosts = TwoHosts.start();
    private TransferWorld world;
    private volatile boolean cut;

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        if (world != null) {
            world.close();
        }
        hosts.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1 << 20, 64 << 20})
    void pushesAFile(long size) throws IOException {
        ImportedFile file = file(size);
        world = world(file);
        world.push();
        Transfer received = world.minerJournal.await(Role.PROVIDER, TransferStatus.COMPLETED);
        world.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
        assertThat(received.received()).isEqualTo(DagCar.commP(file.root(), file));
        assertThat(received.bytes()).isEqualTo(Files.size(world.staging));
    }

    @Test
    void goesOnAfterTheConnectionBroke() throws IOException {
        ImportedFile file = file(8 << 20);
        world = world(file, () -> new CutOnce(ImportedFile.open(folder.resolve("index")), 5));
        world.push();
        Transfer received = world.minerJournal.await(Role.PROVIDER, TransferStatus.COMPLETED);
        Transfer sent = world.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
        assertThat(received.received()).isEqualTo(DagCar.commP(file.root(), file));
        assertThat(sent.restarts()).isPositive();
        assertThat(cut).isTrue();
    }

    @Test
    void asksAgainWhenTheConnectionWentBeforeTheConfirmation() throws IOException {
        ImportedFile file = file(1 << 20);
        world = world(file);
        hosts.near().setHandler(MarketProtocols.TRANSFER, stream -> hosts.near().disconnect(hosts.far().peerId()));
        world.push();
        world.clientJournal.await(Role.CLIENT, TransferStatus.STALLED);
        world.minerJournal.await(Role.PROVIDER, TransferStatus.COMPLETED);
        hosts.near().setHandler(MarketProtocols.TRANSFER, stream -> world.client.serveTransfer(stream));
        world.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
    }

    @Test
    void showsProgressWhileBytesMove() throws IOException {
        ImportedFile file = file(64 << 20);
        world = world(file);
        world.push();
        world.clientJournal.await(Role.CLIENT, TransferStatus.COMPLETED);
        assertThat(world.minerJournal.history(Role.PROVIDER)).extracting(Transfer::bytes).isSorted();
        assertThat(world.clientJournal.history(Role.CLIENT)).extracting(Transfer::status)
                .startsWith(TransferStatus.REQUESTED, TransferStatus.QUEUED, TransferStatus.ONGOING)
                .endsWith(TransferStatus.COMPLETED);
    }

    private TransferWorld world(ImportedFile file) {
        return world(file, () -> ImportedFile.open(folder.resolve("index")));
    }

    private TransferWorld world(ImportedFile file, TransferWorld.Payload payload) {
        return new TransferWorld(hosts.near(), hosts.far(), folder.resolve("staging.car"), file.root(), payload,
                TransferWorld.QUICK);
    }

    /** Cuts the connection, the first time that this many blocks have been read: always in the middle of the push. */
    private final class CutOnce implements BlockSource {
        private final BlockSource blocks;
        private int left;

        private CutOnce(BlockSource blocks, int blocksBefore) {
            this.blocks = blocks;
            this.left = blocksBefore;
        }

        @Override
        public byte[] find(Cid cid) throws IOException {
            if (!cut && left-- == 0) {
                cut = true;
                hosts.near().disconnect(hosts.far().peerId());
            }
            return blocks.find(cid);
        }

        @Override
        public boolean has(Cid cid) throws IOException {
            return blocks.has(cid);
        }
    }

    private ImportedFile file(long size) throws IOException {
        Path source = folder.resolve("payload");
        Random random = new Random(SEED);
        byte[] chunk = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(source)) {
            for (long left = size; left > 0; left -= chunk.length) {
                random.nextBytes(chunk);
                out.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        }
        return ImportedFile.importFile(source, folder.resolve("index"), UnixFsLayout.LOTUS);
    }
}
