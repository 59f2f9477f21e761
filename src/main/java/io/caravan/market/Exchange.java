package io.caravan.market;

import io.caravan.codec.CodecException;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Stream;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** One question and its answer on a stream of their own. */
final class Exchange {

    /** More than any message of the ask, deal and status protocols: a label has 256 bytes, a reason at most 8192. */
    static final int MAX_MESSAGE = 64 << 10;

    private final Host host;
    private final Duration open;

    Exchange(Host host, Duration open) {
        this.host = host;
        this.open = open;
    }

    /**
     * @param idle the longest single wait for the answer
     * @throws io.caravan.libp2p.Libp2pException if the peer cannot be reached, does not speak the protocol, or
     *         broke off
     * @throws MarketException if it closed without an answer, or the answer does not decode
     */
    <T> T ask(PeerId peer, List<Multiaddr> addresses, List<String> protocols, byte[] question, Duration idle,
            Function<byte[], T> decode) {
        try (Stream stream = host.newStream(peer, addresses, protocols, open)) {
            CborStream cbor = new CborStream(stream, MAX_MESSAGE, idle);
            cbor.write(question);
            byte[] answer = cbor.read().orElseThrow(() ->
                    new MarketException("peer " + peer + " closed " + stream.protocol() + " without an answer"));
            return decode.apply(answer);
        } catch (CodecException e) {
            throw new MarketException("peer " + peer + " answered " + protocols.get(0) + " with what is no answer: "
                    + e.getMessage(), e);
        }
    }
}
