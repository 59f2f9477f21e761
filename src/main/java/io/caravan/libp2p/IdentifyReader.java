package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/**
 * Receives one identify message on a stream, then closes it. Anything wrong with it only means that we know less of the
 * peer.
 */
final class IdentifyReader implements Receiver {

    private final YamuxStream stream;
    private final PeerId peer;
    private final Consumer<PeerInfo> learned;
    private final ByteBuf held = Unpooled.buffer(512, IdentifyMessage.MAX_RECEIVED + 3);
    private boolean over;

    IdentifyReader(YamuxStream stream, PeerId peer, Consumer<PeerInfo> learned) {
        this.stream = stream;
        this.peer = peer;
        this.learned = learned;
    }

    @Override
    public void data(ByteBuf lent) {
        if (over) {
            return;
        }
        held.writeBytes(lent, Math.min(lent.readableBytes(), held.maxWritableBytes()));
        int at = held.readerIndex();
        int length = 0;
        for (int i = 0; i < 3 && at < held.writerIndex(); i++) {
            int b = held.getUnsignedByte(at++);
            length |= (b & 0x7f) << 7 * i;
            if (b < 0x80) {
                whole(at, length);
                return;
            }
        }
        if (held.readableBytes() >= 3) {
            give();
        }
    }

    private void whole(int at, int length) {
        if (length > IdentifyMessage.MAX_RECEIVED) {
            give();
        } else if (held.writerIndex() - at >= length) {
            byte[] body = new byte[length];
            held.getBytes(at, body);
            over = true;
            stream.finish();
            try {
                learned.accept(IdentifyMessage.decode(body, peer));
            } catch (IllegalArgumentException e) {
                stream.reset(YamuxFrame.PROTOCOL_VIOLATION);
            }
        }
    }

    private void give() {
        over = true;
        stream.reset(YamuxFrame.PROTOCOL_VIOLATION);
    }

    @Override
    public void end() {
        if (!over) {
            give();
        }
    }

    @Override
    public void failed(StreamResetException why) {
        over = true;
    }
}
