package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Libp2pException;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Stream;
import io.caravan.libp2p.StreamTimeoutException;
import io.caravan.model.Role;
import io.caravan.time.Timeline;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider's side of data transfers: checks who pushes what, requests the DAG over graphsync, verifies each block
 * against the link that the traversal expects, and writes the CAR with commP in one pass. A deal's routes read the
 * journal.
 */
public final class TransferServer implements AutoCloseable {

    static final String CANCELLED = "data transfer cancelled";

    private static final Duration EARLY = Duration.ofSeconds(20);
    private static final int MOST_EARLY = 8;
    /** Jobs that move data and wait for a thread; {@link Places} lets in no more than have one. */
    private static final int MOST_MOVES = 2000;
    /** Answers on their way to one peer: whoever asks faster than it listens gets none. */
    static final int MOST_ANSWERS = 16;
    private static final Logger LOG = LoggerFactory.getLogger(TransferServer.class);

    private final TransferBase base;
    private final PushDeals deals;
    private final Places places;
    private final Keeper keeper = new Keeper();
    private final Map<ChannelId, ReceivingSession> sessions = new ConcurrentHashMap<>();
    private final Runnable watch;
    private final Map<RequestId, ReceivingSession> requests = new ConcurrentHashMap<>();

    /** Pushes are admitted one after the other, so that two channels of one deal never share its staging file. */
    private final ReentrantLock admission = new ReentrantLock();
    private final Semaphore early = new Semaphore(MOST_EARLY);
    private final PeerQuota answers = new PeerQuota(MOST_ANSWERS);

    public TransferServer(Host host, PushDeals deals, TransferJournal journal, TransferSettings settings, Clock clock) {
        this(host, deals, journal, () -> settings, Timeline.of(clock));
    }

    /** As above on another timeline than the machine's; the settings are asked at each use. */
    public TransferServer(Host host, PushDeals deals, TransferJournal journal, Supplier<TransferSettings> settings,
            Timeline timeline) {
        this.base = new TransferBase(new TransferWire(host, settings), journal, settings, timeline,
                new TransferWorkers("in", () -> settings.get().places().active(), MOST_MOVES, timeline));
        this.deals = deals;
        this.places = new Places(() -> settings.get().places());
        this.watch = base.workers().watch(base::tick, this::look,
                sessions::isEmpty);
        base.wire().whenLost(base.workers(), this::lost);
    }

    private void look() {
        sessions.values().forEach(ReceivingSession::look);
        places.fill();
    }

    /**
     * Cancels a transfer: the journal has it when this returns, the client is told if it can be reached. Does nothing
     * for one that ended; the returned transfer says so.
     *
     * @throws IllegalArgumentException if there is no such channel
     */
    public Transfer cancel(ChannelId channel) {
        ReceivingSession session = sessions.get(channel);
        if (session != null) {
            session.end(TransferStatus.CANCELLED, CANCELLED);
            return session.transfer();
        }
        Transfer known = base.journal().find(Role.PROVIDER, channel)
                .orElseThrow(() -> new IllegalArgumentException("no transfer has the channel " + channel));
        if (known.status().isEnd()) {
            return known;
        }
        tell(channel.initiator(), TransferResponse.of(TransferType.CANCEL, false, channel.id()));
        return base.save(known.withStatus(TransferStatus.CANCELLED, CANCELLED, base.now()));
    }

    /**
     * Asks the client to restart a transfer, as only it can; nothing is fetched twice. Does nothing for one that ended.
     *
     * @throws IllegalArgumentException if there is no such channel
     * @throws Libp2pException if the client cannot be reached
     */
    public Transfer restart(ChannelId channel) {
        Transfer known = base.journal().find(Role.PROVIDER, channel)
                .orElseThrow(() -> new IllegalArgumentException("no transfer has the channel " + channel));
        if (!known.status().isEnd()) {
            base.wire().tell(channel.initiator(), List.of(), TransferRequest.restartExisting(channel));
        }
        return known;
    }

    /**
     * After a start: every transfer that was under way is STALLED until its client restarts it, which the client is
     * asked to do if it can be reached. What was received stays and is not fetched again. Call once, when the host
     * listens.
     */
    public void resume() {
        base.journal().live(Role.PROVIDER).forEach(this::resume);
    }

    private void resume(Transfer known) {
        Optional<PushDeals.PushDeal> deal = deals.find(known.proposalCid());
        boolean isNewest = base.journal().findByProposal(Role.PROVIDER, known.proposalCid())
                .filter(newest -> newest.channel().equals(known.channel())).isPresent();
        if (deal.isEmpty() || !isNewest) {
            base.save(known.withStatus(TransferStatus.FAILED, isNewest ? "its deal is gone"
                    : "a later channel took its place", base.now()));
            return;
        }
        ReceivingSession session = new ReceivingSession(base, keeper, known, deal.get());
        if (sessions.putIfAbsent(known.channel(), session) == null) {
            watch.run();
            session.stall("the miner was started again");
            tell(known.peer(), TransferRequest.restartExisting(known.channel()));
        }
    }

    /** Serves one stream of {@link MarketProtocols#TRANSFER}. */
    public void serveTransfer(Stream stream) {
        PeerId sender = stream.remotePeer();
        TransferWire.read(stream, message -> {
            if (message instanceof TransferRequest request) {
                hear(sender, request);
            }
        });
    }

    private void hear(PeerId sender, TransferRequest request) {
        ChannelId channel = new ChannelId(sender, base.wire().self(), request.transferId());
        switch (request.type()) {
            case NEW, RESTART -> push(channel, request);
            case CANCEL -> cancelledByClient(channel);
            default -> LOG.debug("transfer {}: the client's {} changes nothing here", channel, request.type());
        }
    }

    private void cancelledByClient(ChannelId channel) {
        ReceivingSession session = sessions.get(channel);
        if (session != null) {
            session.endSilently(CANCELLED);
            return;
        }
        base.journal().find(Role.PROVIDER, channel).filter(known -> !known.status().isEnd())
                .ifPresent(known -> base.save(known.withStatus(TransferStatus.CANCELLED, CANCELLED, base.now())));
    }

    private void push(ChannelId channel, TransferRequest request) {
        PushVerdict verdict = decided(PushVerdict.of(channel.initiator(), request, deals), channel, request);
        admission.lock();
        try {
            Transfer known = base.journal().find(Role.PROVIDER, channel).orElse(null);
            if (known != null && known.status() == TransferStatus.COMPLETED && isSame(known, request)) {
                answer(channel.initiator(), TransferResponse.of(TransferType.COMPLETE, true, channel.id()));
                return;
            }
            String refusal = known == null ? verdict.refusal() : refusal(known, request, verdict);
            PushDeals.PushDeal deal = verdict.deal();
            if (deal == null || !refusal.isEmpty()) {
                refuse(channel, request, refusal);
            } else {
                admit(channel, request.type(), known, deal);
            }
        } finally {
            admission.unlock();
        }
    }

    /** A push may overtake the decision on its deal: it waits for that, briefly, and few at a time. */
    private PushVerdict decided(PushVerdict verdict, ChannelId channel, TransferRequest request) {
        PushDeals.PushDeal deal = verdict.deal();
        if (deal == null || !verdict.isEarly()) {
            return verdict;
        }
        if (!early.tryAcquire()) {
            return verdict.tooEarly();
        }
        try {
            deals.awaitDecided(deal.proposalCid(), EARLY);
        } finally {
            early.release();
        }
        PushVerdict again = PushVerdict.of(channel.initiator(), request, deals);
        return again.isEarly() ? again.tooEarly() : again;
    }

    private static String refusal(Transfer known, TransferRequest request, PushVerdict verdict) {
        if (!verdict.refusal().isEmpty()) {
            return verdict.refusal();
        }
        if (known.status().isEnd()) {
            return "the channel ended as " + known.status();
        }
        return isSame(known, request) ? "" : "the restart is about another DAG or deal than the channel";
    }

    private static boolean isSame(Transfer known, TransferRequest request) {
        return known.payloadCid().equals(request.baseCid())
                && TransferVoucher.of(known.proposalCid()).equals(request.voucher());
    }

    private void refuse(ChannelId channel, TransferRequest request, String reason) {
        LOG.info("transfer {} refused: {}", channel, reason);
        answer(channel.initiator(), TransferResponse.of(request.type(), false, channel.id()));
    }

    private void admit(ChannelId channel, TransferType type, @Nullable Transfer known, PushDeals.PushDeal deal) {
        Transfer transfer = known != null ? known : base.save(opened(channel, deal));
        endOthers(channel, deal.proposalCid());
        ReceivingSession session = sessions.computeIfAbsent(channel,
                key -> new ReceivingSession(base, keeper, transfer, deal));
        watch.run();
        if (known != null && !session.restarting()) {
            return;
        }
        if (!places.enter(channel, transfer.pace().startedAt(), () -> begin(session, type))) {
            sessions.remove(channel, session); // the client asks again, which is when it may get into line
            session.waiting("too many transfers wait for a place");
        } else if (places.isWaiting(channel)) {
            TransferSettings.Room room = base.settings().places();
            session.waiting("waits for a place, of which there are " + room.active() + ", " + room.activePerPeer()
                    + " for one peer");
        }
    }

    /** What an earlier channel of the deal brought is in the staging file, and counts for this one. */
    private Transfer opened(ChannelId channel, PushDeals.PushDeal deal) {
        return base.journal().findByProposal(Role.PROVIDER, deal.proposalCid())
                .map(earlier -> earlier.continuedBy(channel, base.now()))
                .orElseGet(() -> Transfer.start(Role.PROVIDER, channel, deal.proposalCid(), deal.payloadCid(),
                        deal.carBytes(), base.now()));
    }

    private void begin(ReceivingSession session, TransferType type) {
        if (!base.workers().move(() -> session.begin(type))) {
            session.stall("no thread was free to ask for the data");
        }
    }

    /** A deal has one channel: a new one takes the staging file over from one that the client has given up. */
    private void endOthers(ChannelId channel, Cid proposalCid) {
        String reason = "replaced by the channel " + channel;
        for (ReceivingSession other : List.copyOf(sessions.values())) {
            if (!other.channel().equals(channel) && other.transfer().proposalCid().equals(proposalCid)) {
                other.endSilently(reason);
            }
        }
        base.journal().live(Role.PROVIDER, proposalCid).stream()
                .filter(other -> !other.channel().equals(channel))
                .forEach(other -> base.save(other.withStatus(TransferStatus.CANCELLED, reason, base.now())));
    }

    private void lost(PeerId peer) {
        sessions.values().stream().filter(session -> session.channel().initiator().equals(peer))
                .forEach(ReceivingSession::connectionLost);
    }

    /**
     * Serves one stream of {@link MarketProtocols#GRAPHSYNC}: takes blocks as fast as they can be verified and written.
     */
    public void serveGraphsync(Stream stream) {
        stream.setDeadline(base.stall());
        Map<RequestId, ReceivingSession> fed = new HashMap<>();
        try {
            InputStream in = NotedBytes.in(stream.in(), () -> heard(stream.remotePeer(), fed));
            Optional<GraphsyncMessage> message = GraphsyncFrame.read(in);
            while (message.isPresent()) {
                refuseRequests(stream.remotePeer(), message.get());
                take(stream.remotePeer(), message.get(), fed);
                message = GraphsyncFrame.read(in);
            }
        } catch (StreamTimeoutException e) {
            LOG.debug("peer {} was silent on graphsync", stream.remotePeer());
        } catch (Libp2pException | CodecException e) {
            fed.forEach((request, session) -> session.streamBroke(request, "the stream broke: " + e.getMessage()));
            throw e;
        }
    }

    /** Bytes on a stream are for the transfers it brought messages of; before its first, for one that has had none. */
    private void heard(PeerId sender, Map<RequestId, ReceivingSession> fed) {
        if (fed.isEmpty()) {
            sessions.values().stream().filter(session -> session.channel().initiator().equals(sender)
                    && session.transfer().status() == TransferStatus.QUEUED).forEach(ReceivingSession::heard);
        } else {
            fed.values().forEach(ReceivingSession::heard);
        }
    }

    /** A miner serves no DAGs here: who asks gets a plain no. */
    private void refuseRequests(PeerId sender, GraphsyncMessage message) {
        for (GraphsyncRequest request : message.requests()) {
            if (request.type() == GraphsyncRequest.Type.NEW) {
                GraphsyncResponse no = GraphsyncResponse.of(request.id(), GraphsyncResponse.REJECTED);
                answers.run(sender, job -> base.workers().tell(job),
                        () -> base.wire().send(sender, GraphsyncMessage.of(no, List.of())));
            }
        }
    }

    private void take(PeerId sender, GraphsyncMessage message, Map<RequestId, ReceivingSession> fed) {
        Map<GraphsyncResponse, ReceivingSession> takers = new LinkedHashMap<>();
        for (GraphsyncResponse response : message.responses()) {
            ReceivingSession session = requests.get(response.id());
            if (session != null && session.channel().initiator().equals(sender)) {
                takers.put(response, session);
                fed.put(response.id(), session);
            }
        }
        if (takers.isEmpty()) {
            return; // the rest of a request that we gave up
        }
        try {
            MessageBlocks blocks = new MessageBlocks(message.blocks());
            boolean isAllTaken = takers.size() == message.responses().size();
            for (Map.Entry<GraphsyncResponse, ReceivingSession> taker : takers.entrySet()) {
                isAllTaken &= taker.getValue().take(taker.getKey(), blocks);
            }
            if (isAllTaken) {
                blocks.unused().ifPresent(cid -> takers.values().forEach(session ->
                        session.end(TransferStatus.FAILED, "the peer sent the block " + cid
                                + ", which no link asked for")));
            }
        } catch (CodecException e) {
            takers.values().forEach(session -> session.end(TransferStatus.FAILED, e.getMessage()));
        }
    }

    private void answer(PeerId peer, TransferMessage message) {
        answers.run(peer, job -> base.workers().tell(job), () -> base.wire().tell(peer, List.of(), message));
    }

    private void tell(PeerId peer, TransferMessage message) {
        base.workers().tell(() -> base.wire().tell(peer, List.of(), message));
    }

    /** Lets go of all files; the journal keeps what is under way for {@link #resume}. */
    @Override
    public void close() {
        base.workers().close();
        sessions.values().forEach(ReceivingSession::close);
    }

    /**
     * What sessions tell us; called under a session's lock, so it takes none that a session may be waited for under.
     */
    private final class Keeper implements ReceivingSession.Owner {

        @Override
        public void requesting(RequestId id, ReceivingSession session) {
            requests.put(id, session);
        }

        @Override
        public void requestEnded(RequestId id) {
            requests.remove(id);
        }

        @Override
        public void paused(ReceivingSession session) {
            places.leave(session.channel());
        }

        @Override
        public void ended(ReceivingSession session) {
            sessions.remove(session.channel(), session);
            places.leave(session.channel());
        }
    }
}
