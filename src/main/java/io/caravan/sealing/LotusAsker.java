package io.caravan.sealing;

import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.PieceDealInfo;
import io.caravan.chain.SectorPlace;
import io.caravan.codec.CodecException;
import io.caravan.model.Deal;
import io.caravan.model.PhaseException;
import io.caravan.model.Role;
import io.caravan.model.Sector;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.store.Backoff;
import io.caravan.store.LotusPiece;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the Lotus miner for single pieces. The question is a row before it is put; what becomes of it is one too, and
 * without an answer that is a place the piece is looked for before it is asked for again.
 */
public final class LotusAsker {

    private static final Logger LOG = LoggerFactory.getLogger(LotusAsker.class);
    private static final int TOKEN_BYTES = 32;
    /** An answer that came in time needs a moment to be written down. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final LotusTools tools;
    private final Function<String, Optional<URI>> addresses;
    private final Executor workers;
    private final Backoff backoff;
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger asking = new AtomicInteger();

    /**
     * @param addresses where a token's piece is fetched; empty as long as nothing is served
     * @param workers run questions, which take as long as the miner needs
     */
    public LotusAsker(LotusTools tools, Function<String, Optional<URI>> addresses, Executor workers, Backoff backoff) {
        this.tools = tools;
        this.addresses = addresses;
        this.workers = workers;
        this.backoff = backoff;
    }

    String freshToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether one more piece may be asked for now. */
    boolean hasRoom() {
        return asking.get() < tools.lotus().maxAsks();
    }

    /** Puts the question on a worker, once it is written down; does nothing when the piece is being asked for already. */
    void ask(SectorPiece piece, String token) {
        Optional<URI> address = addresses.apply(token);
        Optional<Deal> deal = tools.deals().find(piece.proposalCid(), Role.PROVIDER);
        if (address.isEmpty() || deal.isEmpty()) {
            return; // the port opens last; a deal without a row has ended
        }
        PieceDealInfo info = PieceDealInfo.of(piece.publishCid(), piece.dealId(), deal.get().proposal().proposal(),
                piece.keepUnsealed());
        Instant lost = tools.clock().instant().plus(tools.lotus().addTimeout()).plus(GRACE);
        tools.pieces().ask(piece, token, lost).ifPresent(asked -> {
            asking.incrementAndGet();
            try {
                workers.execute(() -> {
                    try {
                        put(asked, piece, address.get(), info);
                    } finally {
                        asking.decrementAndGet();
                    }
                });
            } catch (RejectedExecutionException e) {
                asking.decrementAndGet();
                doubt(asked, "this node asks for too many pieces at a time");
            }
        });
    }

    private void put(LotusPiece asked, SectorPiece piece, URI address, PieceDealInfo info) {
        try {
            found(asked, tools.miner().addPiece(piece.size().unpadded(), address, info));
        } catch (PhaseException | ChainRefusedException | CodecException e) {
            LOG.warn("the Lotus miner did not take the piece of deal {} this time: {}", asked.proposalCid(), e.getMessage());
            doubt(asked, "the Lotus miner: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("asking the Lotus miner for the piece of deal {} failed", asked.proposalCid(), e);
            doubt(asked, "asking the Lotus miner failed: " + e);
        }
    }

    /** The miner has the piece there, or says so; what cannot be is not believed. */
    void found(LotusPiece asked, SectorPlace place) {
        SealProof proof = SealProof.ofSectorSize(tools.chain().minerInfo(tools.owner()).sectorSize());
        long size = tools.sectors().pieceOf(asked.proposalCid()).orElseThrow().size().bytes();
        long last = proof.sectorSize().bytes() - size;
        if (place.offset() < 0 || place.offset() > last || place.offset() % size != 0) {
            doubt(asked, "the Lotus miner says that it lies in sector " + place.sector() + " at " + place.offset()
                    + ", where no piece of " + size + " bytes can lie");
            return;
        }
        Sector sector = tools.adopted().adopt(tools.owner(), place.sector(), proof.number());
        if (sector.state() == SectorState.UNKNOWN || !sector.miner().equals(tools.owner())) {
            doubt(asked, "the Lotus miner says that it lies in sector " + place.sector() + ", which has ended");
        } else if (tools.pieces().place(asked.proposalCid(), place.sector(), place.offset())) {
            LOG.info("the piece of deal {} lies in sector {} at {}", asked.proposalCid(), place.sector(), place.offset());
        } else {
            doubt(asked, "the Lotus miner says that it lies in sector " + place.sector() + " at " + place.offset()
                    + ", where another piece lies");
        }
    }

    /** The piece is looked for later, and its deal says why. */
    void doubt(LotusPiece asked, String reason) {
        tools.pieces().doubt(asked, tools.clock().instant().plus(backoff.after(asked.asks() - 1)));
        tools.sectors().keepWaiting(asked.proposalCid(), reason);
    }
}
