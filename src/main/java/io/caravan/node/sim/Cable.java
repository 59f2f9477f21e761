package io.caravan.node.sim;

import io.caravan.libp2p.StreamResetException;
import java.util.ArrayList;
import java.util.List;

/** A connection with both its ends and the streams it carries. */
final class Cable {

    private final Network network;
    private final Loop loop;
    private final long number;
    private final SimHost dialer;
    private final SimHost listener;
    private final SimConnection near;
    private final SimConnection far;
    private final List<SimStream> streams = new ArrayList<>();
    private boolean isOpen = true;

    Cable(Network network, Loop loop, long number, SimHost dialer, SimHost listener) {
        this.network = network;
        this.loop = loop;
        this.number = number;
        this.dialer = dialer;
        this.listener = listener;
        this.near = new SimConnection(this, dialer, listener, false, loop.clock().instant());
        this.far = new SimConnection(this, listener, dialer, true, loop.clock().instant());
    }

    void open() {
        dialer.connected(near);
        listener.connected(far);
    }

    long number() {
        return number;
    }

    boolean isOpen() {
        return isOpen;
    }

    int streams() {
        return streams.size() / 2;
    }

    SimHost otherThan(SimHost host) {
        return host == dialer ? listener : dialer;
    }

    SimConnection end(SimHost host) {
        return host == dialer ? near : far;
    }

    boolean touches(SimHost host) {
        return dialer == host || listener == host;
    }

    /** Opens a stream from that host; its other end is served at the other. */
    SimStream stream(SimHost from, String protocol) {
        if (!isOpen) {
            throw new StreamResetException("the connection has ended", 0);
        }
        SimHost to = from == dialer ? listener : dialer;
        SimStream[] ends = new SimStream[2];
        Pipe.Wire wire = bytes -> network.carry(ends[0], bytes);
        Pipe there = new Pipe(loop, wire);
        Pipe back = new Pipe(loop, wire);
        ends[0] = new SimStream(from == dialer ? near : far, protocol, false, back, there);
        ends[1] = new SimStream(from == dialer ? far : near, protocol, true, there, back);
        streams.add(ends[0]);
        streams.add(ends[1]);
        to.serve(protocol, ends[1], () -> streams.remove(ends[1]));
        return ends[0];
    }

    void close() {
        if (isOpen) {
            isOpen = false;
            streams.forEach(SimStream::reset);
            streams.clear();
            network.ended(this);
            dialer.disconnected(near);
            listener.disconnected(far);
        }
    }
}
