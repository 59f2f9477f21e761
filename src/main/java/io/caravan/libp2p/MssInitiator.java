package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proposes protocols in order of preference until the peer takes one. */
final class MssInitiator implements Negotiation {

    private final MssTokens tokens = new MssTokens();
    private final List<String> proposals;
    private int at;
    private boolean greeted;
    private @Nullable String selected;

    MssInitiator(List<String> proposals) {
        if (proposals.isEmpty()) {
            throw new IllegalArgumentException("nothing to propose");
        }
        this.proposals = List.copyOf(proposals);
    }

    @Override
    public void start(ByteBuf out) {
        MssTokens.write(out, MssTokens.HEADER);
        MssTokens.write(out, proposals.get(0));
    }

    @Override
    public boolean feed(ByteBuf in, ByteBuf out) {
        for (String token = tokens.next(in); token != null; token = tokens.next(in)) {
            if (!greeted) {
                if (!token.equals(MssTokens.HEADER)) {
                    throw new PeerMisbehavedException("the peer does not speak " + MssTokens.HEADER);
                }
                greeted = true;
            } else if (token.equals(proposals.get(at))) {
                selected = token;
                return true;
            } else if (!token.equals(MssTokens.NA)) {
                throw new PeerMisbehavedException("the peer answers a proposal with something else");
            } else if (++at == proposals.size()) {
                return true;
            } else {
                MssTokens.write(out, proposals.get(at));
            }
        }
        return false;
    }

    @Override
    public @Nullable String selected() {
        return selected;
    }
}
