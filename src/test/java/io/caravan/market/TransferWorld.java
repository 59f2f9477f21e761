package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.PeerId;
import io.caravan.model.DealState;
import io.caravan.model.PaddedPieceSize;
import io.caravan.piece.BlockSource;
import io.caravan.support.WireVectors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * A client with a payload and a miner with a deal for it, on hosts that a test chooses; both can be killed and started.
 */
final class TransferWorld implements AutoCloseable {

    static final Cid PROPOSAL = Cid.ofBytes(WireVectors.bytes("cid.signedProposal"));
    static final PeerId CLIENT = PeerId.ofBytes(WireVectors.bytes("peer.client"));
    static final PeerId MINER = PeerId.ofBytes(WireVectors.bytes("peer.provider"));
    static final TransferSettings QUICK = TransferSettings.DEFAULT.withStall(Duration.ofSeconds(15))
            .withRestarts(restarts(5, Duration.ofMillis(50)));

    final MemoryJournal clientJournal = new MemoryJournal();
    final MemoryJournal minerJournal = new MemoryJournal();
    final Path staging;
    private final Host clientHost;
    private final Host minerHost;
    private final TransferSettings settings;
    private final Cid root;
    private final Payload payload;
    volatile PushDeals.PushDeal deal;
    volatile TransferClient client;
    volatile TransferServer miner;

    /** Opens the payload's blocks. */
    interface Payload {
        BlockSource open() throws IOException;
    }

    TransferWorld(Host clientHost, Host minerHost, Path staging, Cid root, Payload payload, TransferSettings settings) {
        this.clientHost = clientHost;
        this.minerHost = minerHost;
        this.staging = staging;
        this.root = root;
        this.payload = payload;
        this.settings = settings;
        this.deal = new PushDeals.PushDeal(PROPOSAL, root, clientHost.peerId(), DealState.WAITING_FOR_DATA,
                PaddedPieceSize.of(1L << 31), staging, null);
        startMiner();
        startClient();
    }

    void startMiner() {
        miner = new TransferServer(minerHost, cid -> Optional.of(deal).filter(d -> d.proposalCid().equals(cid)),
                minerJournal, settings, Clock.systemUTC());
        minerHost.setHandler(MarketProtocols.TRANSFER, stream -> miner.serveTransfer(stream));
        minerHost.setHandler(MarketProtocols.GRAPHSYNC, stream -> miner.serveGraphsync(stream));
    }

    void startClient() {
        client = new TransferClient(clientHost, orders(), clientJournal, settings, Clock.systemUTC());
        clientHost.setHandler(MarketProtocols.TRANSFER, stream -> client.serveTransfer(stream));
        clientHost.setHandler(MarketProtocols.GRAPHSYNC, stream -> client.serveGraphsync(stream));
    }

    private PushOrders orders() {
        return new PushOrders() {
            @Override
            public Optional<PushOrder> find(Cid proposalCid) {
                return Optional.of(new PushOrder(proposalCid, minerHost.peerId(), minerHost.listenAddresses(), root,
                        null));
            }

            @Override
            public BlockSource open(PushOrder order) throws IOException {
                return payload.open();
            }
        };
    }

    static TransferSettings.Restarts restarts(int most, Duration debounce) {
        return new TransferSettings.Restarts(debounce, Duration.ofMinutes(5), most);
    }

    Transfer push() {
        return client.push(PROPOSAL);
    }

    /** The other side's protocols answer nothing any more, and the process is gone; only journal and file stay. */
    void killMiner() {
        minerHost.removeHandler(MarketProtocols.TRANSFER);
        minerHost.removeHandler(MarketProtocols.GRAPHSYNC);
        miner.close();
    }

    void killClient() {
        clientHost.removeHandler(MarketProtocols.TRANSFER);
        clientHost.removeHandler(MarketProtocols.GRAPHSYNC);
        client.close();
    }

    @Override
    public void close() {
        client.close();
        miner.close();
    }
}
