package io.caravan.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Cid;
import io.caravan.codec.Multihash;
import io.caravan.model.DealState;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.piece.BlockSource;
import io.caravan.piece.DagCar;
import io.caravan.piece.MemoryBlockStore;
import io.caravan.piece.UnixFsBuilder;
import io.caravan.piece.UnixFsLayout;
import io.caravan.support.TwoHosts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many deals of one client with one miner, more than may move at the same time. */
class ManyTransfersTest {

    private static final int DEALS = 20;

    private final Map<Cid, MemoryBlockStore> payloads = new LinkedHashMap<>();
    private final Map<Cid, Cid> roots = new LinkedHashMap<>();

    @TempDir
    Path folder;

    @Test
    void carriesTwentyDealsFourAtATime() throws IOException {
        for (int i = 0; i < DEALS; i++) {
            payload(i);
        }
        MemoryJournal sent = new MemoryJournal();
        MemoryJournal received = new MemoryJournal();
        TransferSettings settings = TransferWorld.QUICK.withPlaces(new TransferSettings.Room(4, 4, DEALS));
        try (TwoHosts hosts = TwoHosts.start();
                TransferServer miner = new TransferServer(hosts.far(), cid -> deal(hosts, cid), received, settings,
                        Clock.systemUTC());
                TransferClient client = new TransferClient(hosts.near(), orders(hosts), sent, settings,
                        Clock.systemUTC())) {
            hosts.far().setHandler(MarketProtocols.TRANSFER, miner::serveTransfer);
            hosts.far().setHandler(MarketProtocols.GRAPHSYNC, miner::serveGraphsync);
            hosts.near().setHandler(MarketProtocols.TRANSFER, client::serveTransfer);
            hosts.near().setHandler(MarketProtocols.GRAPHSYNC, client::serveGraphsync);
            roots.keySet().forEach(client::push);
            for (Cid proposal : roots.keySet()) {
                received.await(Role.PROVIDER, t -> t.proposalCid().equals(proposal) && t.status().isEnd());
                sent.await(Role.CLIENT, t -> t.proposalCid().equals(proposal) && t.status().isEnd());
                Transfer end = received.findByProposal(Role.PROVIDER, proposal).orElseThrow();
                assertThat(end.received()).isEqualTo(DagCar.commP(roots.get(proposal), payloads.get(proposal)));
            }
        }
        assertThat(sent.history(Role.CLIENT)).extracting(Transfer::status)
                .doesNotContain(TransferStatus.FAILED, TransferStatus.CANCELLED, TransferStatus.STALLED);
    }

    private void payload(int number) throws IOException {
        byte[] bytes = new byte[300_000 + number];
        new Random(number).nextBytes(bytes);
        MemoryBlockStore store = new MemoryBlockStore(1 << 20);
        Cid root = UnixFsBuilder.buildInto(store, new ByteArrayInputStream(bytes), new UnixFsLayout(1 << 16, 4,
                Multihash.SHA2_256, -1));
        Cid proposal = Cid.dagCborSha256(new byte[] {(byte) number});
        payloads.put(proposal, store);
        roots.put(proposal, root);
    }

    private Optional<PushDeals.PushDeal> deal(TwoHosts hosts, Cid proposal) {
        return Optional.ofNullable(roots.get(proposal)).map(root -> new PushDeals.PushDeal(proposal, root,
                hosts.near().peerId(), DealState.WAITING_FOR_DATA, PaddedPieceSize.of(1 << 20),
                folder.resolve(proposal + ".car"), null));
    }

    private PushOrders orders(TwoHosts hosts) {
        return new PushOrders() {
            @Override
            public Optional<PushOrder> find(Cid proposal) {
                return Optional.of(new PushOrder(proposal, hosts.far().peerId(), hosts.far().listenAddresses(),
                        roots.get(proposal), null));
            }

            @Override
            public BlockSource open(PushOrder order) {
                return payloads.get(order.proposalCid());
            }
        };
    }
}
