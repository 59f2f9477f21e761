package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;

/** Where a stream's inbound side goes. Called on the connection's Netty thread only, in the order of the wire. */
interface Receiver {

    /** Bytes arrived. They are lent: copy or retain what is to be kept, and report it as consumed when it is used. */
    void data(ByteBuf lent);

    /** The peer sends nothing more. */
    void end();

    /** The stream is dead in both directions. The last call. */
    void failed(StreamResetException why);
}
