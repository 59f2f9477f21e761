package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/**
 * A stream that its user closed while the peer has not: what still comes is dropped. A peer that goes on sending is
 * told to stop after 10 s; one that neither ends nor takes our last bytes does not hold the stream for ever.
 */
final class Lingering implements Receiver {

    private static final long STILL_SENDING_SECONDS = 10;

    private final YamuxStream stream;
    private final long idleNanos;
    private boolean heard;
    private int waiting;

    Lingering(YamuxStream stream, long idleNanos) {
        this.stream = stream;
        this.idleNanos = idleNanos;
    }

    void start() {
        stream.receiver(this);
        waiting = stream.queue.size();
        stream.later(STILL_SENDING_SECONDS, TimeUnit.SECONDS, () -> {
            if (heard) {
                stream.reset(0);
            }
        });
        stream.later(idleNanos, TimeUnit.NANOSECONDS, this::look);
    }

    private void look() {
        int now = stream.queue.size();
        if (now > 0 && now < waiting) {
            waiting = now;
            stream.later(idleNanos, TimeUnit.NANOSECONDS, this::look);
        } else {
            stream.reset(0);
        }
    }

    @Override
    public void data(ByteBuf lent) {
        heard = true;
    }

    @Override
    public void end() {
        // The stream removes itself once our side is closed as well.
    }

    @Override
    public void failed(StreamResetException why) {
        // Nobody waits for it.
    }
}
