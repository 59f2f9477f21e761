package io.caravan.libp2p;

import java.util.List;
import java.util.stream.Collectors;

/** No address led to the peer. The message names each address tried and why it failed; trying again later may help. */
public final class PeerUnreachableException extends Libp2pException {

    /** One address and why it did not lead to the peer, in a few words. */
    public record Attempt(String address, String reason) {}

    private static final long serialVersionUID = 1L;

    private final transient PeerId peer;
    private final transient List<Attempt> attempts;

    /** With no attempt the message says that no address is known. */
    public PeerUnreachableException(PeerId peer, List<Attempt> attempts) {
        super(sentence(peer, attempts), null);
        this.peer = peer;
        this.attempts = List.copyOf(attempts);
    }

    /** Whom we could not reach. */
    public PeerId peer() {
        return peer;
    }

    /** In the order tried. */
    public List<Attempt> attempts() {
        return attempts;
    }

    private static String sentence(PeerId peer, List<Attempt> attempts) {
        if (attempts.isEmpty()) {
            return "peer " + peer + " is unreachable: no address is known that we can dial";
        }
        return attempts.stream().map(a -> a.address() + ": " + a.reason())
                .collect(Collectors.joining("; ", "peer " + peer + " is unreachable: ", ""));
    }
}
