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
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
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

    public TransferServer(Host host, PushDeals deals, TransferJournal journal, TransferSettings settings, Clock clock) {
        this(host, deals, journal, settings, Timeline.of(clock));
    }

    /** As above on another timeline than the machine's. */
    public TransferServer(Host host, PushDeals deals, TransferJournal journal, TransferSettings settings,
            Timeline timeline) {
        this.base = new TransferBase(new TransferWire(host, settings), journal, settings, timeline,
                new TransferWorkers("in", settings.maxActive(), settings.maxActive(), timeline));
        this.deals = deals;
        this.places = new Places(settings.maxActive(), settings.maxQueued());
        this.watch = base.workers().watch(base.tick(), () -> sessions.values().forEach(ReceivingSession::look),
                sessions::isEmpty);
        base.wire().whenLost(base.workers(), this::lost);
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
     * After a start: every transfer that was under way is STALLED until its client restarts it, which the client is
     * asked to do if it can be reached. What was received stays and is not fetched again. Call once, when the host
     * listens.
     */
    public void resume() {
        base.journal().live(Role.PROVIDER).forEach(this::resume);
    }

    private void resume(Transfer known) {
        Optional<PushDeals.PushDeal> deal = deals.find(known.proposalCid());
        if (deal.isEmpty()) {
            base.save(known.withStatus(TransferStatus.FAILED, "its deal is gone", base.now()));
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
        admission.lock();
        try {
            Transfer known = base.journal().find(Role.PROVIDER, channel).orElse(null);
            if (known != null && known.status() == TransferStatus.COMPLETED && isSame(known, request)) {
                tell(channel.initiator(), TransferResponse.of(TransferType.COMPLETE, true, channel.id()));
                return;
            }
            PushVerdict verdict = PushVerdict.of(channel.initiator(), request, deals);
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
        tell(channel.initiator(), TransferResponse.of(request.type(), false, channel.id()));
    }

    private void admit(ChannelId channel, TransferType type, @Nullable Transfer known, PushDeals.PushDeal deal) {
        replaceOthers(channel, deal.proposalCid());
        ReceivingSession session = sessions.get(channel);
        if (session == null) {
            Transfer transfer = known != null ? known : base.save(
                    Transfer.start(Role.PROVIDER, channel, deal.proposalCid(), deal.payloadCid(), null, base.now()));
            session = new ReceivingSession(base, keeper, transfer, deal);
            sessions.put(channel, session);
            watch.run();
        }
        if (known != null) {
            session.restarting();
        }
        ReceivingSession next = session;
        if (!places.enter(channel, () -> base.workers().move(() -> next.begin(type)))) {
            next.end(TransferStatus.FAILED, "too many transfers wait for a place");
        }
    }

    /** A deal has one channel: a new one takes the staging file over from one that the client has given up. */
    private void replaceOthers(ChannelId channel, Cid proposalCid) {
        String reason = "replaced by the channel " + channel;
        for (ReceivingSession other : List.copyOf(sessions.values())) {
            if (!other.channel().equals(channel) && other.transfer().proposalCid().equals(proposalCid)) {
                other.endSilently(reason);
            }
        }
        base.journal().findByProposal(Role.PROVIDER, proposalCid)
                .filter(other -> !other.channel().equals(channel) && !other.status().isEnd())
                .ifPresent(other -> base.save(other.withStatus(TransferStatus.CANCELLED, reason, base.now())));
    }

    private void lost(PeerId peer) {
        sessions.values().stream().filter(session -> session.channel().initiator().equals(peer))
                .forEach(ReceivingSession::connectionLost);
    }

    /**
     * Serves one stream of {@link MarketProtocols#GRAPHSYNC}: takes blocks as fast as they can be verified and written.
     */
    public void serveGraphsync(Stream stream) {
        stream.setDeadline(base.settings().idle());
        Map<RequestId, ReceivingSession> fed = new HashMap<>();
        try {
            Optional<GraphsyncMessage> message = GraphsyncFrame.read(stream.in());
            while (message.isPresent()) {
                refuseRequests(stream.remotePeer(), message.get());
                take(stream.remotePeer(), message.get(), fed);
                message = GraphsyncFrame.read(stream.in());
            }
        } catch (StreamTimeoutException e) {
            LOG.debug("peer {} was silent on graphsync", stream.remotePeer());
        } catch (Libp2pException | CodecException e) {
            fed.forEach((request, session) -> session.streamBroke(request, "the stream broke: " + e.getMessage()));
            throw e;
        }
    }

    /** A miner serves no DAGs here: who asks gets a plain no. */
    private void refuseRequests(PeerId sender, GraphsyncMessage message) {
        for (GraphsyncRequest request : message.requests()) {
            if (request.type() == GraphsyncRequest.Type.NEW) {
                GraphsyncResponse no = GraphsyncResponse.of(request.id(), GraphsyncResponse.REJECTED);
                base.workers().tell(() -> base.wire().send(sender, GraphsyncMessage.of(no, List.of())));
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
            takers.forEach((response, session) -> session.take(response, blocks));
            if (takers.size() == message.responses().size()) {
                blocks.unused().ifPresent(cid -> takers.values().forEach(session ->
                        session.end(TransferStatus.FAILED, "the peer sent the block " + cid
                                + ", which no link asked for")));
            }
        } catch (CodecException e) {
            takers.values().forEach(session -> session.end(TransferStatus.FAILED, e.getMessage()));
        }
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
