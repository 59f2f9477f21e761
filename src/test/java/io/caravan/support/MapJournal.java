package io.caravan.support;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.market.ChannelId;
import io.caravan.market.Transfer;
import io.caravan.market.TransferJournal;
import io.caravan.market.TransferStatus;
import io.caravan.model.Role;
import io.caravan.piece.PieceCommitment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Transfers in a list, the newest last; a test writes what a session would. Safe for use by many threads. */
public final class MapJournal implements TransferJournal {

    private static final PeerId PEER = PeerId.parse(DealFixture.MINER_PEER);

    private final List<Transfer> rows = new ArrayList<>();

    /** Records where a deal's transfer stands. */
    public synchronized Transfer say(Role role, Cid proposalCid, TransferStatus status, Instant at,
            @Nullable PieceCommitment received) {
        Transfer row = new Transfer(role, new ChannelId(PEER, PEER, 7), proposalCid, proposalCid, status, 10, 1, null,
                0,
                status == TransferStatus.FAILED ? "the wire broke" : null, received, Transfer.Pace.from(at), at);
        save(row);
        return row;
    }

    @Override
    public synchronized void save(Transfer transfer) {
        rows.removeIf(row -> row.role() == transfer.role() && row.proposalCid().equals(transfer.proposalCid())
                && row.channel().equals(transfer.channel()));
        rows.add(transfer);
    }

    @Override
    public synchronized Optional<Transfer> find(Role role, ChannelId channel) {
        return rows.stream().filter(row -> row.role() == role && row.channel().equals(channel)).findFirst();
    }

    @Override
    public synchronized Optional<Transfer> findByProposal(Role role, Cid proposalCid) {
        return rows.stream().filter(row -> row.role() == role && row.proposalCid().equals(proposalCid))
                .reduce((one, two) -> two);
    }

    @Override
    public synchronized List<Transfer> live(Role role) {
        return rows.stream().filter(row -> row.role() == role && !row.status().isEnd()).toList();
    }
}
