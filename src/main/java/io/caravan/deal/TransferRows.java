package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.market.ChannelId;
import io.caravan.market.Transfer;
import io.caravan.market.TransferJournal;
import io.caravan.market.TransferStatus;
import io.caravan.model.Role;
import io.caravan.piece.Piece;
import io.caravan.piece.PieceCommitment;
import io.caravan.store.TransferStore;
import io.caravan.store.TransferStore.Channel;
import io.caravan.store.TransferStore.Received;
import io.caravan.store.TransferStore.Row;
import java.util.List;
import java.util.Optional;

/** The market's transfer journal on rows. */
public final class TransferRows implements TransferJournal {

    private final TransferStore store;

    public TransferRows(TransferStore store) {
        this.store = store;
    }

    @Override
    public void save(Transfer transfer) {
        PieceCommitment got = transfer.received();
        store.save(new Row(transfer.role(), channel(transfer.channel()), transfer.proposalCid(), transfer.payloadCid(),
                transfer.status().name(), transfer.status().isEnd(), transfer.bytes(), transfer.blocks(), transfer.totalBytes(),
                transfer.restarts(), transfer.error(), got == null ? null : new Received(got.commP(), got.size(), got.payloadBytes()),
                transfer.updatedAt()));
    }

    @Override
    public Optional<Transfer> find(Role role, ChannelId channel) {
        return store.find(role, channel(channel)).map(TransferRows::transfer);
    }

    @Override
    public Optional<Transfer> findByProposal(Role role, Cid proposalCid) {
        return store.newest(role, proposalCid).map(TransferRows::transfer);
    }

    @Override
    public List<Transfer> live(Role role) {
        return store.live(role).stream().map(TransferRows::transfer).toList();
    }

    private static Channel channel(ChannelId id) {
        return new Channel(id.initiator().toString(), id.responder().toString(), id.id());
    }

    private static Transfer transfer(Row row) {
        Received got = row.received();
        ChannelId channel = new ChannelId(PeerId.parse(row.channel().initiator()), PeerId.parse(row.channel().responder()),
                row.channel().id());
        return new Transfer(row.role(), channel, row.proposalCid(), row.payloadCid(), TransferStatus.valueOf(row.status()),
                row.bytes(), row.blocks(), row.totalBytes(), row.restarts(), row.error(),
                got == null ? null : new PieceCommitment(new Piece(got.pieceCid(), got.pieceSize()), got.carBytes()), row.at());
    }
}
