package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Takes the first proposal that we serve, answers {@code na} to the others, and loses patience after 32. */
final class MssResponder implements Negotiation {

    private static final int MAX_PROPOSALS = 32;

    private final MssTokens tokens = new MssTokens();
    private final Predicate<String> served;
    private int proposals;
    private boolean greeted;
    private @Nullable String selected;

    MssResponder(Predicate<String> served) {
        this.served = served;
    }

    @Override
    public void start(ByteBuf out) {
        MssTokens.write(out, MssTokens.HEADER);
    }

    @Override
    public boolean feed(ByteBuf in, ByteBuf out) {
        for (String token = tokens.next(in); token != null; token = tokens.next(in)) {
            if (!greeted) {
                if (!token.equals(MssTokens.HEADER)) {
                    throw new PeerMisbehavedException("the peer does not speak " + MssTokens.HEADER);
                }
                greeted = true;
            } else if (served.test(token)) {
                MssTokens.write(out, token);
                selected = token;
                return true;
            } else if (++proposals == MAX_PROPOSALS) {
                throw new PeerMisbehavedException("the peer proposed " + MAX_PROPOSALS
                        + " protocols that we do not serve");
            } else {
                MssTokens.write(out, MssTokens.NA);
            }
        }
        return false;
    }

    @Override
    public @Nullable String selected() {
        return selected;
    }
}
