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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The market's transfers as rows of the store, and word of each change to whoever listens. */
public final class TransferRows implements TransferJournal {
    private final TransferStore store;
    private final List<Consumer<Transfer>> listeners = new CopyOnWriteArrayList<>();

    public TransferRows(TransferStore store) {
        this.store = store;
    }

    /** Tells of every save, after its commit, on the transfer's thread: the listener must be quick. */
    public void onSave(Consumer<Transfer> listener) {
        listeners.add(listener);
    }

    @Override
    public void save(Transfer transfer) {
        PieceCommitment received = transfer.received();
        store.save(new TransferStore.Row(transfer.role(), channel(transfer.channel()), transfer.proposalCid(),
                transfer.payloadCid(), transfer.status().name(), transfer.status().isEnd(), transfer.bytes(),
                transfer.blocks(),
                transfer.totalBytes(), transfer.restarts(), transfer.error(), received == null ? null
                        : new TransferStore.Received(received.commP(), received.size(), received.payloadBytes()),
                pace(transfer.pace()), transfer.updatedAt()));
        listeners.forEach(listener -> listener.accept(transfer));
    }

    @Override
    public Optional<Transfer> find(Role role, ChannelId channel) {
        return store.find(role, channel(channel)).map(TransferRows::transfer);
    }

    @Override
    public Optional<Transfer> findByProposal(Role role, Cid proposalCid) {
        return store.newest(role, proposalCid).map(TransferRows::transfer);
    }

    /** The newest transfer of each of these deals that has one, by proposal CID, in one look. */
    public Map<Cid, Transfer> newest(Role role, Collection<Cid> proposalCids) {
        return store.newest(role, proposalCids).stream().map(TransferRows::transfer)
                .collect(Collectors.toMap(Transfer::proposalCid, Function.identity()));
    }

    @Override
    public List<Transfer> live(Role role, Cid proposalCid) {
        return store.live(role, proposalCid).stream().map(TransferRows::transfer).toList();
    }

    @Override
    public List<Transfer> live(Role role) {
        return store.live(role).stream().map(TransferRows::transfer).toList();
    }

    /** The newest of one side, newest first. */
    public List<Transfer> list(Role role, int limit) {
        return store.list(role, limit).stream().map(TransferRows::transfer).toList();
    }

    private static TransferStore.Channel channel(ChannelId id) {
        return new TransferStore.Channel(id.initiator().toString(), id.responder().toString(), id.id());
    }

    private static Transfer transfer(TransferStore.Row row) {
        ChannelId channel = new ChannelId(PeerId.parse(row.channel().initiator()),
                PeerId.parse(row.channel().responder()),
                row.channel().id());
        return new Transfer(row.role(), channel, row.proposalCid(), row.payloadCid(), status(row.status()), row.bytes(),
                row.blocks(), row.totalBytes(), row.restarts(), row.error(), commitment(row.received()),
                new Transfer.Pace(row.pace().startedAt(), row.pace().progressAt(), row.pace().bytesPerSecond()),
                row.at());
    }

    private static TransferStore.Pace pace(Transfer.Pace pace) {
        return new TransferStore.Pace(pace.startedAt(), pace.progressAt(), pace.bytesPerSecond());
    }

    private static TransferStatus status(String name) {
        for (TransferStatus status : TransferStatus.values()) {
            if (status.name().equals(name)) {
                return status;
            }
        }
        throw new IllegalStateException("a transfer's row says '" + name + "', which is no status");
    }

    private static @Nullable PieceCommitment commitment(TransferStore.@Nullable Received received) {
        return received == null ? null
                : new PieceCommitment(new Piece(received.pieceCid(), received.pieceSize()), received.carBytes());
    }
}
