package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.MinerInfo;
import io.caravan.chain.ProvingDeadline;
import io.caravan.crypto.CryptoException;
import io.caravan.crypto.Signer;
import io.caravan.model.CollateralBounds;
import io.caravan.model.DataRef;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Signature;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.piece.Piece;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;

/**
 * Makes a signed proposal of what a caller wants, or says in one sentence why not (deal-lifecycle §5.3). Changes
 * nothing.
 */
public final class ProposalBuilder {

    private static final Duration START_AHEAD = Duration.ofDays(8);
    /** No sector lives longer than 1278 days of 30 s epochs, so nothing may last longer or start later. */
    private static final long LONGEST = 3_680_640;

    /** What the client signed, and the data it promises, its piece filled in. */
    public record Draft(SignedProposal proposal, DataRef data) {
    }

    private final Chain chain;
    private final Imports imports;
    private final Signer signer;

    /** @param signer holds the wallets' keys */
    public ProposalBuilder(Chain chain, Imports imports, Signer signer) {
        this.chain = chain;
        this.imports = imports;
        this.signer = signer;
    }

    /**
     * Builds and signs. The same request at the same epoch is the same proposal.
     *
     * @throws DealRefusedException saying what is wrong with the request
     */
    public Draft build(DealRequest request) {
        Piece piece = piece(request.data());
        FilAddress key = key(request.wallet());
        MinerInfo miner = miner(request.miner());
        if (miner.peerId() == null) {
            throw new DealRefusedException("miner " + request.miner() + " has not set its peer id on chain");
        }
        if (piece.size().bytes() > miner.sectorSize()) {
            throw new DealRefusedException("a piece of " + piece.size() + " does not fit a sector of "
                    + miner.sectorSize() + " bytes");
        }
        DealProposal proposal = proposal(request, piece, key);
        requireKey(key);
        requireFunds(proposal);
        requireDatacap(proposal);
        DataRef data = request.data().withPiece(piece.commP(), piece.size().unpadded());
        return new Draft(new SignedProposal(proposal, sign(key, proposal)), data);
    }

    private DealProposal proposal(DealRequest request, Piece piece, FilAddress key) {
        Epoch start = start(request);
        if (request.minDuration() < 1) {
            throw new DealRefusedException("a deal cannot last " + request.minDuration() + " epochs");
        }
        if (request.minDuration() > LONGEST) {
            throw new DealRefusedException("a deal of " + request.minDuration() + " epochs is too long: " + LONGEST
                    + " at most");
        }
        if (request.pricePerEpoch().isNegative()) {
            throw new DealRefusedException("a price cannot be " + request.pricePerEpoch());
        }
        ProvingDeadline deadline = chain.provingDeadline(request.miner());
        Epoch end = DealEnd.expiration(request.minDuration(), deadline.provingPeriod(), deadline.periodStart(), start);
        return new DealProposal(piece.commP(), piece.size(), request.isVerified(), key, request.miner(),
                DealLabel.ofPayloadCid(request.data().root()), start, end, request.pricePerEpoch(),
                collateral(request, piece.size()), TokenAmount.ZERO);
    }

    private Piece piece(DataRef data) {
        boolean isManual = data.transferType().equals(DataRef.MANUAL);
        if (!isManual && !data.transferType().equals(DataRef.GRAPHSYNC)) {
            throw new DealRefusedException("data cannot travel by '" + data.transferType() + "'");
        }
        if (data.pieceCid() != null && data.pieceSize().isLegal()) {
            requireImported(data, isManual);
            return new Piece(data.pieceCid(), data.pieceSize().padded());
        }
        if (isManual) {
            throw new DealRefusedException("a manual deal needs the piece's CID and size");
        }
        requireImported(data, false);
        try {
            return imports.commitment(data.root()).piece();
        } catch (IOException e) {
            throw new DealRefusedException("the data of " + data.root() + " cannot be read: " + e.getMessage());
        }
    }

    private void requireImported(DataRef data, boolean isManual) {
        if (!isManual && !imports.has(data.root())) {
            throw new DealRefusedException("no import has the payload CID " + data.root());
        }
    }

    private FilAddress key(FilAddress wallet) {
        try {
            return chain.accountKey(wallet);
        } catch (ChainRefusedException e) {
            throw new DealRefusedException("wallet " + wallet + " is no account: " + e.getMessage());
        }
    }

    private MinerInfo miner(FilAddress miner) {
        try {
            return chain.minerInfo(miner);
        } catch (ChainRefusedException e) {
            throw new DealRefusedException("there is no miner " + miner + ": " + e.getMessage());
        }
    }

    private Epoch start(DealRequest request) {
        Epoch asked = request.startEpoch();
        Epoch head = chain.head().epoch();
        if (asked != null && asked.value() > 0) {
            if (asked.isBefore(head)) {
                throw new DealRefusedException("start epoch " + asked + " has passed, the chain is at " + head);
            }
            if (asked.isAfter(head.plus(LONGEST))) {
                throw new DealRefusedException("start epoch " + asked + " is too far ahead: the chain is at " + head
                        + ", a deal starts at most " + LONGEST + " epochs later");
            }
            return asked;
        }
        // A devnet with epochs of a part of a second would start beyond the longest life of a sector (1278 days of
        // epochs).
        return head.plus(START_AHEAD.toSeconds() / Math.max(1, chain.networkParams().blockDelay().toSeconds()));
    }

    private TokenAmount collateral(DealRequest request, PaddedPieceSize size) {
        TokenAmount asked = request.providerCollateral();
        if (asked != null && !asked.isZero()) {
            return asked;
        }
        CollateralBounds bounds = chain.collateralBounds(size, request.isVerified());
        return bounds.clientProposes();
    }

    /** A wallet of somebody else is empty for us, whatever it holds. */
    private void requireKey(FilAddress key) {
        if (!signer.has(key)) {
            throw new DealRefusedException("this node does not have the key of wallet " + key
                    + ": import it, or name one of ./caravan wallet list");
        }
    }

    /** Escrow may be topped up from the wallet later; what neither holds, nobody will pay. */
    private void requireFunds(DealProposal proposal) {
        TokenAmount needed = proposal.clientBalanceRequirement();
        TokenAmount has = chain.walletBalance(proposal.client())
                .plus(chain.marketBalance(proposal.client()).available());
        if (has.isLessThan(needed)) {
            throw new DealRefusedException("the deal costs " + needed + ", wallet and market escrow of "
                    + proposal.client()
                    + " hold " + has);
        }
    }

    private void requireDatacap(DealProposal proposal) {
        if (!proposal.isVerified()) {
            return;
        }
        BigInteger needed = BigInteger.valueOf(proposal.pieceSize().bytes());
        BigInteger has = chain.verifiedDatacap(proposal.client()).orElse(BigInteger.ZERO);
        if (has.compareTo(needed) < 0) {
            throw new DealRefusedException("a verified deal takes datacap for " + needed + " bytes, " + proposal.client()
                    + " has it for " + has);
        }
    }

    private Signature sign(FilAddress key, DealProposal proposal) {
        try {
            return signer.sign(key, proposal.toCbor());
        } catch (CryptoException e) {
            throw new DealRefusedException("wallet " + key + " cannot sign: " + e.getMessage());
        }
    }
}
