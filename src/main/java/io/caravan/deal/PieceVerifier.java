package io.caravan.deal;

import io.caravan.market.Transfer;
import io.caravan.market.TransferJournal;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.FatalException;
import io.caravan.model.Role;
import io.caravan.model.Waiting;
import io.caravan.piece.CommPStream;
import io.caravan.piece.PieceCommitment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Seed step 4: is what came what was promised? State 19 of the provider. Reads only, so verifying again does no harm.
 */
public final class PieceVerifier {

    private final TransferJournal journal;

    public PieceVerifier(TransferJournal journal) {
        this.journal = journal;
    }

    /**
     * Compares the data's commitment, padded to the proposal's piece, with the proposal. The commitment was computed
     * while the bytes came; only if that was lost is the staged file read again.
     *
     * @throws FatalException the data is not the proposal's, or is gone
     */
    public Deal verify(Deal deal) {
        DealProposal proposal = deal.proposal().proposal();
        Path file = Path.of(String.valueOf(deal.files().payload()));
        PieceCommitment found = received(deal, file);
        if (found.size().compareTo(proposal.pieceSize()) > 0) {
            throw new FatalException("the data needs a piece of " + found.size() + ", the deal's has "
                    + proposal.pieceSize());
        }
        PieceCommitment padded = found.paddedTo(proposal.pieceSize());
        if (!padded.commP().equals(proposal.pieceCid())) {
            throw new FatalException("the data's piece CID is " + padded.commP() + ", the deal's is "
                    + proposal.pieceCid());
        }
        Deal.Files files = deal.files();
        return deal.withFiles(new Deal.Files(files.inbound(), files.piece(), found.payloadBytes()))
                .withWaiting(Waiting.NOTHING);
    }

    private PieceCommitment received(Deal deal, Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new FatalException("the data of deal " + deal.proposalCid() + " is gone: " + file);
            }
            PieceCommitment known = journal.findByProposal(Role.PROVIDER, deal.proposalCid()).map(Transfer::received)
                    .orElse(null);
            return known != null && known.payloadBytes() == Files.size(file) ? known : read(file);
        } catch (IOException e) {
            throw new FatalException("the data of deal " + deal.proposalCid() + " cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private static PieceCommitment read(Path file) throws IOException {
        CommPStream commP = new CommPStream();
        try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(commP);
        }
        return commP.finish();
    }
}
