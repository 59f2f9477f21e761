package io.caravan.market;

import io.caravan.libp2p.Libp2pException;
import io.caravan.libp2p.Stream;
import io.caravan.piece.BlockSource;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one request for a payload, message by message, for as long as its session wants it. */
final class PayloadSender {

    private static final Logger LOG = LoggerFactory.getLogger(PayloadSender.class);

    private final TransferBase base;
    private final PushOrders orders;

    PayloadSender(TransferBase base, PushOrders orders) {
        this.base = base;
        this.orders = orders;
    }

    /** Blocks until all is sent or it broke; the session hears of each message, and of the end. */
    void send(PushOrders.PushOrder order, GraphsyncRequest request, SendingSession session) {
        BlockSource source = null;
        try (Stream stream = base.wire().openGraphsync(order.miner(), order.addresses())) {
            source = orders.open(order);
            DagSender dag = new DagSender(source, request, base.settings());
            OutputStream out = NotedBytes.out(stream.out(), session::wrote);
            long before = session.estimate(dag.skipFirst());
            while (!dag.isDone() && session.isServing(request.id())) {
                GraphsyncFrame.write(dag.next(), out);
                session.sent(request.id(), dag, before);
            }
            stream.closeWrite();
        } catch (Libp2pException e) {
            session.broke(request.id(), e.getMessage());
        } catch (IOException | BrokenTransferException | IllegalArgumentException e) {
            LOG.debug("transfer {} cannot go on", session.channel(), e);
            if (Thread.currentThread().isInterrupted()) {
                session.broke(request.id(), "the client was stopped"); // which is no fault of the payload
            } else {
                session.end(TransferStatus.FAILED, "the payload cannot be sent: " + e.getMessage());
            }
        } finally {
            close(source);
        }
    }

    private static void close(@Nullable BlockSource source) {
        if (source instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.warn("a payload was not closed: {}", e.toString());
            }
        }
    }
}
