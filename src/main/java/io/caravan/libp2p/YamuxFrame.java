package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The header of every yamux frame, 12 bytes big endian: {@code version u8 = 0 | type u8 | flags u16 | stream u32 |
 * length u32} (spec libp2p 1.6).
 */
final class YamuxFrame {

    static final int HEADER = 12;
    static final int INITIAL_WINDOW = 256 * 1024;
    /** Header and body together fill one Noise record. */
    static final int MAX_BODY = NoiseTransport.MAX_PLAIN - HEADER;

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    static final int NORMAL = 0;
    static final int PROTOCOL_ERROR = 1;

    static final int NEGOTIATION_FAILED = 0x1001;
    static final int RESOURCE_LIMIT = 0x1002;
    static final int PROTOCOL_VIOLATION = 0x1004;
    static final int SHUTDOWN = 0x1007;

    private YamuxFrame() {}

    static ByteBuf header(ByteBufAllocator alloc, int type, int flags, int stream, int length) {
        return alloc.heapBuffer(HEADER).writeByte(0).writeByte(type).writeShort(flags).writeInt(stream)
                .writeInt(length);
    }
}
