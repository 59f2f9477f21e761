package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/**
 * Answers {@code /ipfs/ping/1.0.0}: what comes goes back (spec libp2p 1.8). The window is never refilled, so a stream
 * ends by itself.
 */
final class PingService {

    static final String PROTOCOL = "/ipfs/ping/1.0.0";
    static final HandlerOptions OPTIONS = new HandlerOptions(256, 2, null);

    private static final long IDLE_SECONDS = 60;

    private PingService() {}

    static Receiver open(YamuxStream stream, PeerConnection connection, String protocol) {
        Answer answer = new Answer(stream);
        answer.watch();
        return answer;
    }

    private static final class Answer implements Receiver {

        private final YamuxStream stream;
        private boolean heard;

        Answer(YamuxStream stream) {
            this.stream = stream;
        }

        void watch() {
            stream.later(IDLE_SECONDS, TimeUnit.SECONDS, () -> {
                if (heard) {
                    heard = false;
                    watch();
                } else {
                    stream.reset(0);
                }
            });
        }

        @Override
        public void data(ByteBuf lent) {
            heard = true;
            stream.say(lent);
        }

        @Override
        public void end() {
            stream.finish();
        }

        @Override
        public void failed(StreamResetException why) {
            // Nothing is held.
        }
    }
}
