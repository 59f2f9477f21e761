package io.caravan.scenario;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.market.MarketProtocols;
import io.caravan.market.ProposalMessage;
import io.caravan.market.ProposalResponse;
import io.caravan.market.PushOrders;
import io.caravan.market.Transfer;
import io.caravan.market.TransferClient;
import io.caravan.market.TransferSettings;
import io.caravan.market.TransferStatus;
import io.caravan.model.DataRef;
import io.caravan.model.DealProposal;
import io.caravan.model.Role;
import io.caravan.model.SignedProposal;
import io.caravan.piece.BlockSource;
import io.caravan.piece.DagCar;
import io.caravan.piece.ImportedFile;
import io.caravan.piece.PieceCommitment;
import io.caravan.support.Await;
import io.caravan.support.MapJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A stranger with real data for a real deal, who pushes it as told: for another deal, another root, in silence. */
final class ForeignSender implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final AtomicInteger INDEX = new AtomicInteger();

    private final ForeignClient client;
    private final ImportedFile data;
    private final SignedProposal proposal;
    private final List<CountDownLatch> oldSpeech = new CopyOnWriteArrayList<>();
    private final AtomicInteger given = new AtomicInteger();
    private volatile int silentAfter = Integer.MAX_VALUE;
    private volatile MapJournal journal = new MapJournal();
    private volatile CountDownLatch speech = new CountDownLatch(1);
    private volatile ImportedFile pushed;
    private TransferClient transfers;

    /** With that CAR's data, and a proposal for it that nobody has seen yet. */
    ForeignSender(World world, Path car) {
        try {
            data = ImportedFile.importCar(car, world.root().resolve("foreign-" + INDEX.incrementAndGet() + ".idx"));
            client = world.foreign();
            PieceCommitment piece = DagCar.commP(data.root(), data);
            DealProposal terms = client.terms(piece.size());
            proposal = client.signed(new DealProposal(piece.commP(), piece.size(), false, terms.client(), terms.provider(), terms.label(),
                    terms.startEpoch(), terms.endEpoch(), terms.storagePricePerEpoch(), terms.providerCollateral(), terms.clientCollateral()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pushed = data;
        transfers = fresh();
    }

    Cid proposalCid() {
        return proposal.proposalCid();
    }

    /** The deal's name in the miner's lists. */
    String deal() {
        return proposalCid().toString();
    }

    /** Proposes and waits for the decision. */
    ProposalResponse propose() {
        return client.propose(new ProposalMessage(new DataRef(DataRef.GRAPHSYNC, data.root(), proposal.proposal().pieceCid(),
                proposal.proposal().pieceSize().unpadded(), 0), proposal, false));
    }

    /** Pushes its own data for its own deal. */
    void push() {
        transfers.push(proposalCid());
    }

    /** Pushes another's data for its own deal. */
    void pushOf(ForeignSender other) {
        pushed = other.data;
        push();
    }

    /** Pushes for another's deal that other's data. */
    void pushFor(Cid deal, ForeignSender other) {
        pushed = other.data;
        transfers.push(deal);
    }

    /** Of all blocks it ever reads, it says nothing more after so many, until {@link #speak}; its connection stays. */
    void fallSilentAfter(int blocks) {
        silentAfter = blocks;
    }

    void speak() {
        silentAfter = Integer.MAX_VALUE;
        speech.countDown();
    }

    /** Forgets its channels, as a client does that opens another for the same deal; on those it stays as silent as it is. */
    void forgetChannels() {
        oldSpeech.add(speech);
        speech = new CountDownLatch(1);
        transfers.close();
        journal = new MapJournal(); // what the old ones still write is forgotten too
        transfers = fresh();
    }

    /** Waits until its newest push for a deal stands so. */
    Transfer await(Cid deal, TransferStatus status) {
        Await.until(() -> "the push to be " + status + ": " + journal.findByProposal(Role.CLIENT, deal), LIMIT,
                () -> journal.findByProposal(Role.CLIENT, deal).filter(push -> push.status() == status).isPresent());
        return journal.findByProposal(Role.CLIENT, deal).orElseThrow();
    }

    private TransferClient fresh() {
        TransferSettings settings = TransferSettings.DEFAULT.withStall(Duration.ofSeconds(3))
                .withRestarts(new TransferSettings.Restarts(Duration.ofMillis(500), Duration.ofSeconds(1), 60));
        TransferClient made = new TransferClient(client.host(), new Orders(), journal, settings, Clock.systemUTC());
        client.host().setHandler(MarketProtocols.TRANSFER, made::serveTransfer);
        client.host().setHandler(MarketProtocols.GRAPHSYNC, made::serveGraphsync);
        return made;
    }

    /** The same data whatever the deal. */
    private final class Orders implements PushOrders {

        @Override
        public Optional<PushOrder> find(Cid deal) {
            PeerId miner = client.peer().peer();
            return Optional.of(new PushOrder(deal, miner, client.peer().addresses(), pushed.root(), null));
        }

        @Override
        public BlockSource open(PushOrder order) {
            return new Silencer();
        }
    }

    /** The data, block by block, until it is time to be silent. */
    private final class Silencer implements BlockSource {

        private final CountDownLatch word = speech;

        @Override
        public byte @Nullable [] find(Cid cid) throws IOException {
            if (given.incrementAndGet() > silentAfter) {
                try {
                    word.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("stopped", e);
                }
            }
            return pushed.find(cid);
        }

        @Override
        public boolean has(Cid cid) throws IOException {
            return pushed.has(cid);
        }
    }

    @Override
    public void close() {
        transfers.close();
        client.close();
        oldSpeech.forEach(CountDownLatch::countDown);
        try {
            data.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
