package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads yamux frames from whatever pieces arrive. A body is handed on slice by slice as it comes; nothing is ever held
 * or allocated for a declared length, and the length is checked against the stream's window before the first byte of
 * the body.
 */
final class YamuxParser {

    /** What the frames mean for the session. */
    interface Sink {

        /** The peer opens that stream; null if it is refused. */
        @Nullable YamuxStream onOpen(int id);

        @Nullable YamuxStream stream(int id);

        void onPing(boolean answer, int value);

        void onGoAway(int code);
    }

    private final Sink sink;
    private final long longestBody;
    private final byte[] header = new byte[YamuxFrame.HEADER];
    private int headerBytes;
    private long bodyLeft;
    private int flagsAfterBody;
    private @Nullable YamuxStream target;

    YamuxParser(Sink sink, int longestBody) {
        this.sink = sink;
        this.longestBody = longestBody;
    }

    /** @throws PeerMisbehavedException if the peer broke a rule; nothing more may be fed then */
    void feed(ByteBuf in) {
        while (in.isReadable()) {
            if (bodyLeft > 0) {
                int take = (int) Math.min(bodyLeft, in.readableBytes());
                ByteBuf piece = in.readSlice(take);
                bodyLeft -= take;
                if (target != null && !target.isDead()) {
                    target.onData(piece);
                }
                if (bodyLeft == 0) {
                    afterPayload(flagsAfterBody, 0);
                }
            } else {
                int take = Math.min(YamuxFrame.HEADER - headerBytes, in.readableBytes());
                in.readBytes(header, headerBytes, take);
                headerBytes += take;
                if (headerBytes == YamuxFrame.HEADER) {
                    headerBytes = 0;
                    frame(header[1], u16(2), u32(4), u32(8) & 0xffff_ffffL);
                }
            }
        }
    }

    private void frame(int type, int flags, int id, long length) {
        if (header[0] != 0) {
            throw new PeerMisbehavedException("a yamux frame of version " + (header[0] & 0xff));
        }
        switch (type) {
            case YamuxFrame.DATA, YamuxFrame.WINDOW_UPDATE -> streamFrame(type, flags, id, length);
            case YamuxFrame.PING -> ping(flags, id, (int) length);
            case YamuxFrame.GO_AWAY -> sink.onGoAway((int) length);
            default -> throw new PeerMisbehavedException("a yamux frame of type " + (type & 0xff));
        }
    }

    private void ping(int flags, int id, int value) {
        if (id != 0 || flags != YamuxFrame.SYN && flags != YamuxFrame.ACK) {
            throw new PeerMisbehavedException("a ping on stream " + id + " with flags " + flags);
        }
        sink.onPing(flags == YamuxFrame.ACK, value);
    }

    private void streamFrame(int type, int flags, int id, long length) {
        if (id == 0) {
            throw new PeerMisbehavedException("stream 0 carries no data");
        }
        // Order as the spec has it: SYN, ACK, payload, FIN, RST.
        target = (flags & YamuxFrame.SYN) != 0 ? sink.onOpen(id) : sink.stream(id);
        if (type == YamuxFrame.DATA) {
            if (length > longestBody || target == null && (flags & YamuxFrame.SYN) != 0
                    && length > YamuxFrame.INITIAL_WINDOW) {
                throw new PeerMisbehavedException("a frame of " + length + " bytes, more than any window");
            }
            if (target != null) {
                target.expect(length);
            }
            bodyLeft = length;
            flagsAfterBody = flags;
            if (length == 0) {
                afterPayload(flags, 0);
            }
            return;
        }
        if (target != null && (flags & YamuxFrame.RST) == 0 && length > 0) {
            target.onCredit(length);
        }
        afterPayload(flags, (int) length);
    }

    private void afterPayload(int flags, int code) {
        YamuxStream stream = target;
        if (stream == null || stream.isDead()) {
            return;
        }
        if ((flags & YamuxFrame.FIN) != 0) {
            stream.onFin();
        }
        if ((flags & YamuxFrame.RST) != 0) {
            stream.die(new StreamResetException("the peer reset the stream"
                    + (code == 0 ? "" : " (0x" + Integer.toHexString(code) + ")"), code));
        }
    }

    private int u16(int at) {
        return (header[at] & 0xff) << 8 | header[at + 1] & 0xff;
    }

    private int u32(int at) {
        return u16(at) << 16 | u16(at + 2);
    }
}
