package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Stream;
import io.caravan.libp2p.StreamTimeoutException;
import io.caravan.model.Role;
import io.caravan.time.Timeline;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's side of data transfers: opens a push channel, serves the miner's graphsync request from the order's
 * blocks, restarts what breaks, and tells the journal how it goes. A deal's routes call {@link #push} and then read the
 * journal.
 */
public final class TransferClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TransferClient.class);

    private final TransferBase base;
    private final PushOrders orders;
    private final AtomicLong lastId;
    private final Map<ChannelId, SendingSession> sessions = new ConcurrentHashMap<>();
    private final Runnable watch;
    private final PeerQuota answers = new PeerQuota(TransferServer.MOST_ANSWERS);

    /** Channels are opened one after the other, so that a deal never gets two. */
    private final ReentrantLock opening = new ReentrantLock();

    public TransferClient(Host host, PushOrders orders, TransferJournal journal, TransferSettings settings,
            Clock clock) {
        this(host, orders, journal, () -> settings, Timeline.of(clock));
    }

    /** As above on another timeline than the machine's; the settings are asked at each use. */
    public TransferClient(Host host, PushOrders orders, TransferJournal journal, Supplier<TransferSettings> settings,
            Timeline timeline) {
        this.base = new TransferBase(new TransferWire(host, settings), journal, settings, timeline,
                new TransferWorkers("out", () -> settings.get().places().active(), queue(settings), timeline));
        this.orders = orders;
        Instant now = base.now();
        this.lastId = new AtomicLong(now.getEpochSecond() * 1_000_000_000L + now.getNano());
        this.watch = base.workers().watch(base::tick, this::look, sessions::isEmpty);
        base.wire().whenLost(base.workers(), this::lost);
    }

    /** Its size is for good. */
    private static int queue(Supplier<TransferSettings> settings) {
        return settings.get().places().waiting();
    }

    /**
     * Pushes the data of a deal: opens a channel, or goes on with the one that is journalled. Returns at once with the
     * transfer as journalled; messages go out on other threads. A second call does no harm; a channel that ended in
     * FAILED or CANCELLED is left and a new one is opened, a COMPLETED one is returned as it is.
     *
     * @throws IllegalArgumentException if there is no order for that deal
     */
    public Transfer push(Cid proposalCid) {
        opening.lock();
        try {
            Optional<Transfer> known = base.journal().findByProposal(Role.CLIENT, proposalCid);
            if (known.isPresent() && known.get().status() == TransferStatus.COMPLETED) {
                return known.get();
            }
            if (known.isPresent() && !known.get().status().isEnd()) {
                return goOn(known.get());
            }
            return open(order(proposalCid));
        } finally {
            opening.unlock();
        }
    }

    private Transfer goOn(Transfer known) {
        SendingSession running = sessions.get(known.channel());
        if (running == null) {
            running = adopt(known);
            running.announce();
        }
        return running.transfer();
    }

    private Transfer open(PushOrders.PushOrder order) {
        ChannelId channel = new ChannelId(base.wire().self(), order.miner(), lastId.incrementAndGet());
        Transfer transfer = base.save(Transfer.start(Role.CLIENT, channel, order.proposalCid(), order.payloadCid(),
                order.totalBytes(), base.now()));
        SendingSession session = new SendingSession(base, orders, order, transfer, false);
        sessions.put(channel, session);
        watch.run();
        session.announce();
        return transfer;
    }

    private PushOrders.PushOrder order(Cid proposalCid) {
        return orders.find(proposalCid).orElseThrow(() ->
                new IllegalArgumentException("there is nothing to push for the deal " + proposalCid));
    }

    /** Takes a transfer up again that an earlier process left. */
    private SendingSession adopt(Transfer known) {
        SendingSession session = sessions.computeIfAbsent(known.channel(), channel ->
                new SendingSession(base, orders, order(known.proposalCid()),
                known, known.status() != TransferStatus.REQUESTED));
        watch.run();
        return session;
    }

    /**
     * Restarts a transfer now: where it stopped, nothing is sent twice. Does nothing for one that ended.
     *
     * @throws IllegalArgumentException if there is no such channel, or no order for its deal any more
     */
    public Transfer restart(ChannelId channel) {
        SendingSession session = find(channel);
        if (session == null) {
            return known(channel);
        }
        session.announceAfresh();
        return session.transfer();
    }

    /**
     * Cancels a transfer: the journal has it when this returns, the miner is told if it can be reached. Does nothing
     * for one that ended; the returned transfer says so.
     *
     * @throws IllegalArgumentException if there is no such channel
     */
    public Transfer cancel(ChannelId channel) {
        SendingSession session = sessions.get(channel);
        if (session != null) {
            session.end(TransferStatus.CANCELLED, TransferServer.CANCELLED);
            return session.transfer();
        }
        Transfer known = known(channel);
        if (known.status().isEnd()) {
            return known;
        }
        Transfer cancelled = base.save(known.withStatus(TransferStatus.CANCELLED, TransferServer.CANCELLED,
                base.now()));
        base.workers().tell(() -> {
            PushOrders.PushOrder order = order(known.proposalCid());
            base.wire().tell(order.miner(), order.addresses(), TransferRequest.cancel(channel.id()));
        });
        return cancelled;
    }

    private Transfer known(ChannelId channel) {
        return base.journal().find(Role.CLIENT, channel)
                .orElseThrow(() -> new IllegalArgumentException("no transfer has the channel " + channel));
    }

    /** The session of a channel that is not over, from the journal if need be. */
    private @Nullable SendingSession find(ChannelId channel) {
        SendingSession session = sessions.get(channel);
        if (session != null) {
            return session;
        }
        return base.journal().find(Role.CLIENT, channel).filter(known -> !known.status().isEnd()).map(this::adopt)
                .orElse(null);
    }

    /**
     * Restarts every transfer that was under way when the process ended. Call once, when the host listens. What cannot
     * be taken up now is left for {@link #push}.
     */
    public void resume() {
        base.journal().live(Role.CLIENT).forEach(this::resume);
    }

    /** One transfer that cannot be taken up now, as the chain may be away, is no reason to leave the others. */
    private void resume(Transfer known) {
        try {
            adopt(known).announce();
        } catch (RuntimeException e) {
            LOG.warn("transfer {} of deal {} was not taken up again: {}", known.channel(), known.proposalCid(),
                    e.getMessage());
        }
    }

    /** Nothing sent lately can be relied on, and what the miner may have answered is gone. */
    private void lost(PeerId peer) {
        sessions.values().stream().filter(session -> session.channel().responder().equals(peer))
                .forEach(SendingSession::connectionLost);
    }

    private void look() {
        sessions.values().forEach(SendingSession::look);
        sessions.values().removeIf(session -> session.transfer().status().isEnd());
    }

    /** Serves one stream of {@link MarketProtocols#TRANSFER}. */
    public void serveTransfer(Stream stream) {
        PeerId sender = stream.remotePeer();
        TransferWire.read(stream, message -> {
            if (message instanceof TransferResponse response) {
                SendingSession session = find(new ChannelId(base.wire().self(), sender, response.transferId()));
                if (session != null) {
                    session.hear(response);
                }
            } else if (message instanceof TransferRequest request) {
                hear(sender, request);
            }
        });
    }

    /** Of a miner's requests only the plea for a restart means something; it cannot push to us or pull from us. */
    private void hear(PeerId sender, TransferRequest request) {
        ChannelId channel = request.restartChannel();
        if (request.type() == TransferType.RESTART_EXISTING && channel != null
                && channel.initiator().equals(base.wire().self()) && channel.responder().equals(sender)) {
            SendingSession session = find(channel);
            if (session != null) {
                session.announce();
            }
        } else if (request.type() == TransferType.NEW || request.type() == TransferType.RESTART) {
            TransferResponse no = TransferResponse.of(request.type(), false, request.transferId());
            answers.run(sender, job -> base.workers().tell(job), () -> base.wire().tell(sender, List.of(), no));
        }
    }

    /** Serves one stream of {@link MarketProtocols#GRAPHSYNC}, for as long as the miner keeps it. */
    public void serveGraphsync(Stream stream) {
        stream.setDeadline(base.stall());
        PeerId sender = stream.remotePeer();
        try {
            Optional<GraphsyncMessage> message = GraphsyncFrame.read(stream.in());
            while (message.isPresent()) {
                message.get().requests().forEach(request -> hear(sender, request));
                message = GraphsyncFrame.read(stream.in());
            }
        } catch (StreamTimeoutException e) {
            LOG.debug("peer {} was silent on graphsync", sender);
        }
    }

    private void hear(PeerId sender, GraphsyncRequest request) {
        if (request.type() == GraphsyncRequest.Type.NEW) {
            int refusal = requested(sender, request);
            if (refusal != 0) {
                GraphsyncMessage no = GraphsyncMessage.of(GraphsyncResponse.of(request.id(), refusal), List.of());
                answers.run(sender, job -> base.workers().tell(job), () -> base.wire().send(sender, no));
            }
        } else if (request.type() == GraphsyncRequest.Type.CANCEL) {
            sessions.values().stream().filter(session -> session.channel().responder().equals(sender))
                    .forEach(session -> session.broke(request.id(), "the miner gave the request up"));
        }
    }

    /**
     * The graphsync status of a refusal, or 0 (wire-protocols §8.3: 30 without an acceptance, 32 for a channel not
     * ours).
     */
    private int requested(PeerId sender, GraphsyncRequest request) {
        try {
            TransferMessage message = Extensions.transfer(request.extensions(), Extensions.TRANSFER_INCOMING);
            if (!(message instanceof TransferResponse acceptance)
                    || !acceptance.isAccepted()) {
                return GraphsyncResponse.REJECTED;
            }
            SendingSession session = find(new ChannelId(base.wire().self(), sender, acceptance.transferId()));
            return session == null ? GraphsyncResponse.UNKNOWN : session.requested(request);
        } catch (CodecException e) {
            LOG.debug("peer {} sent a request whose extensions cannot be read: {}", sender, e.getMessage());
            return GraphsyncResponse.REJECTED;
        }
    }

    /** Stops sending; the journal keeps what is under way for {@link #resume}. */
    @Override
    public void close() {
        base.workers().close();
    }
}
