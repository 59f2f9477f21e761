package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Data transfers, one row a side and channel; what must survive a crash of a transfer. */
public final class TransferStore {

    private final Sql sql;

    /**
     * A channel's key: who started it, who answers (peer ids in text), and the initiator's number, all 64 bits of it.
     */
    public record Channel(String initiator, String responder, long id) {}

    /**
     * What came, once all of it is here.
     *
     * @param carBytes length of the CAR, unpadded
     */
    public record Received(Cid pieceCid, PaddedPieceSize pieceSize, long carBytes) {}

    /**
     * @param startedAt when the deal's first channel was opened
     * @param progressAt when the last byte moved
     */
    public record Pace(Instant startedAt, Instant progressAt, long bytesPerSecond) {}

    /**
     * @param status the market's word for how it stands
     * @param isEnded whether nothing follows
     * @param pace since when and how fast bytes move
     * @param at when this was true
     */
    public record Row(Role role, Channel channel, Cid proposalCid, Cid payloadCid, String status, boolean isEnded,
            long bytes,
            long blocks, @Nullable Long totalBytes, int restarts, @Nullable String error, @Nullable Received received,
            Pace pace, Instant at) {}

    public TransferStore(Sql sql) {
        this.sql = sql;
    }

    /** Stores it, or takes the place of what is there under its side and channel. */
    public void save(Row row) {
        Map<String, @Nullable Object> values = new HashMap<>(key(row.role(), row.channel()));
        values.put("proposal_cid", row.proposalCid().toString());
        values.put("payload_cid", row.payloadCid().toString());
        values.put("status", row.status());
        values.put("ended", row.isEnded());
        values.put("bytes", row.bytes());
        values.put("blocks", row.blocks());
        values.put("total_bytes", row.totalBytes());
        values.put("restarts", row.restarts());
        values.put("error", row.error());
        Received received = row.received();
        values.put("piece_cid", received == null ? null : received.pieceCid().toString());
        values.put("piece_size_padded", received == null ? null : received.pieceSize().bytes());
        values.put("car_bytes", received == null ? null : received.carBytes());
        values.put("started_at", row.pace().startedAt());
        values.put("progress_at", row.pace().progressAt());
        values.put("bytes_per_second", row.pace().bytesPerSecond());
        values.put("now", row.at());
        sql.write("transfer_channel/save", values);
    }

    public Optional<Row> find(Role role, Channel channel) {
        return sql.one("transfer_channel/find", key(role, channel), TransferStore::row);
    }

    /** The newest transfer of a deal, whatever its status. */
    public Optional<Row> newest(Role role, Cid proposalCid) {
        return sql.one("transfer_channel/newest", Map.of("role", role.text(), "proposal_cid", proposalCid.toString()),
                TransferStore::row);
    }

    /** The newest transfer of each of these deals that has one, in one look. */
    public List<Row> newest(Role role, Collection<Cid> proposalCids) {
        String[] keys = proposalCids.stream().map(Cid::toString).toArray(String[]::new);
        return sql.list("transfer_channel/newest-of", Map.of("role", role.text(), "proposal_cids", keys), TransferStore::row);
    }

    /** How many transfers of one side a deal has. */
    public long count(Role role, Cid proposalCid) {
        return sql.one("transfer_channel/count", Map.of("role", role.text(), "proposal_cid", proposalCid.toString()),
                (row, number) -> row.getLong("many")).orElse(0L);
    }

    /** Removes all transfers of one side of a deal. */
    public void forget(Role role, Cid proposalCid) {
        sql.write("transfer_channel/forget", Map.of("role", role.text(), "proposal_cid", proposalCid.toString()));
    }

    /** Those that have not ended, oldest first. */
    public List<Row> live(Role role) {
        return sql.list("transfer_channel/live", Map.of("role", role.text()), TransferStore::row);
    }

    /** Those of one deal that have not ended. */
    public List<Row> live(Role role, Cid proposalCid) {
        return sql.list("transfer_channel/live-of-deal",
                Map.of("role", role.text(), "proposal_cid", proposalCid.toString()), TransferStore::row);
    }

    /** The newest of one side, newest first. */
    public List<Row> list(Role role, int limit) {
        return sql.list("transfer_channel/list", Map.of("role", role.text(), "limit", limit), TransferStore::row);
    }

    private static Map<String, Object> key(Role role, Channel channel) {
        return Map.of("role", role.text(), "initiator", channel.initiator(), "responder", channel.responder(),
                "transfer_id", channel.id());
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        Cid pieceCid = Rows.cidOrNull(row, "piece_cid");
        Received received = pieceCid == null ? null : new Received(pieceCid,
                PaddedPieceSize.of(row.getLong("piece_size_padded")), row.getLong("car_bytes"));
        return new Row(Role.of(row.getString("role")),
                new Channel(row.getString("initiator"), row.getString("responder"), row.getLong("transfer_id")),
                Rows.cid(row, "proposal_cid"), Rows.cid(row, "payload_cid"), row.getString("status"),
                row.getBoolean("ended"),
                row.getLong("bytes"), row.getLong("blocks"), Rows.longOrNull(row, "total_bytes"),
                row.getInt("restarts"),
                row.getString("error"), received,
                new Pace(Rows.instant(row, "started_at"), Rows.instant(row, "progress_at"),
                        row.getLong("bytes_per_second")), Rows.instant(row, "updated_at"));
    }
}
