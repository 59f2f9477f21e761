package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealMove;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.model.SectorNumber;
import io.caravan.model.SignedProposal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code deal} row as a record and back. */
final class DealRows {

    private DealRows() {}

    static Deal deal(ResultSet row, int number) throws SQLException {
        Long sector = Rows.longOrNull(row, "sector_number");
        Long slashed = Rows.longOrNull(row, "slash_epoch");
        Long last = Rows.longOrNull(row, "last_epoch");
        Long remote = Rows.longOrNull(row, "remote_state");
        String worker = row.getString("remote_worker");
        return new Deal(Rows.cid(row, "proposal_cid"), Role.of(row.getString("role")),
                DealState.ofCode(row.getInt("state")), row.getLong("version"), row.getLong("seq"),
                SignedProposal.ofCbor(row.getBytes("proposal")), DataRef.ofCbor(row.getBytes("data_ref")),
                row.getBoolean("fast_retrieval"), row.getString("peer"),
                new Deal.Transfer(Rows.longOrNull(row, "transfer_id"), row.getString("transfer_channel")),
                new Deal.Files(row.getString("inbound_path"), row.getString("piece_path"),
                        Rows.longOrNull(row, "payload_bytes")),
                new Deal.Funds(Rows.amount(row, "funds_reserved_atto"), Rows.cidOrNull(row, "add_funds_cid")),
                new Deal.Chain(Rows.cidOrNull(row, "publish_cid"), Rows.longOrNull(row, "deal_id"),
                        sector == null ? null : SectorNumber.of(sector), slashed == null ? null : Epoch.of(slashed)),
                new Deal.Remote(remote == null ? null : DealState.ofCode(remote), row.getString("remote_message"),
                        Rows.instantOrNull(row, "remote_at"), worker == null ? null : FilAddress.parse(worker),
                        row.getInt("polls"), row.getInt("poll_errors"),
                        new Deal.Asked(Rows.instantOrNull(row, "remote_asked_at"), row.getString("remote_error"),
                                row.getInt("remote_unknown"), Rows.instantOrNull(row, "remote_unknown_since"))),
                row.getString("message"), Rows.turn(row, last == null ? null : Epoch.of(last)), Rows.waiting(row), Rows.instant(row, "created_at"),
                Rows.instant(row, "entered_at"), Rows.instant(row, "updated_at"));
    }

    static DealMove move(ResultSet row, int number) throws SQLException {
        return new DealMove(Rows.cid(row, "proposal_cid"), Role.of(row.getString("role")), row.getLong("seq"),
                DealEvent.ofName(row.getString("event")), DealState.ofCode(row.getInt("from_state")),
                DealState.ofCode(row.getInt("to_state")), row.getString("note"), Rows.instant(row, "at"));
    }

    static Map<String, @Nullable Object> key(Cid proposalCid, Role role) {
        var key = new LinkedHashMap<String, @Nullable Object>();
        key.put("proposal_cid", proposalCid.toString());
        key.put("role", role.text());
        return key;
    }

    /** Every column of a fresh deal. */
    static Map<String, @Nullable Object> inserted(Deal deal) {
        DealProposal terms = deal.proposal().proposal();
        Map<String, @Nullable Object> columns = written(deal);
        columns.put("proposal", deal.proposal().toCbor());
        columns.put("data_ref", deal.dataRef().toCbor());
        columns.put("payload_cid", deal.dataRef().root().toString());
        columns.put("piece_cid", terms.pieceCid().toString());
        columns.put("piece_size_padded", terms.pieceSize().bytes());
        columns.put("client", terms.client().toString());
        columns.put("provider", terms.provider().toString());
        columns.put("start_epoch", terms.startEpoch().value());
        columns.put("end_epoch", terms.endEpoch().value());
        columns.put("fast_retrieval", deal.fastRetrieval());
        columns.put("created_at", deal.createdAt());
        return columns;
    }

    /** Key, state, facts and turn: the columns that change during a deal's life. */
    static Map<String, @Nullable Object> written(Deal deal) {
        Map<String, @Nullable Object> columns = key(deal.proposalCid(), deal.role());
        columns.put("state", deal.state().code());
        columns.put("version", deal.version());
        columns.put("seq", deal.seq());
        columns.put("peer", deal.peer());
        columns.put("transfer_id", deal.transfer().id());
        columns.put("transfer_channel", deal.transfer().channel());
        columns.put("inbound_path", deal.files().inbound());
        columns.put("piece_path", deal.files().piece());
        columns.put("payload_bytes", deal.files().bytes());
        columns.put("funds_reserved_atto", Rows.column(deal.funds().reserved()));
        columns.put("add_funds_cid", Rows.text(deal.funds().addFundsCid()));
        columns.put("publish_cid", Rows.text(deal.chain().publishCid()));
        columns.put("deal_id", deal.chain().dealId());
        columns.put("sector_number", deal.chain().sector() == null ? null : deal.chain().sector().value());
        columns.put("slash_epoch", deal.chain().slashEpoch() == null ? null : deal.chain().slashEpoch().value());
        columns.put("remote_state", deal.remote().state() == null ? null : deal.remote().state().code());
        columns.put("remote_message", deal.remote().message());
        columns.put("remote_at", deal.remote().at());
        columns.put("remote_worker", Rows.text(deal.remote().worker()));
        columns.put("polls", deal.remote().polls());
        columns.put("poll_errors", deal.remote().pollErrors());
        columns.put("remote_asked_at", deal.remote().last().at());
        columns.put("remote_error", deal.remote().last().error());
        columns.put("remote_unknown", deal.remote().last().unknown());
        columns.put("remote_unknown_since", deal.remote().last().unknownSince());
        columns.put("message", deal.message());
        Rows.turn(columns, deal.turn(), deal.waiting());
        columns.put("last_epoch", deal.turn().lastEpoch() == null ? null : deal.turn().lastEpoch().value());
        columns.put("entered_at", deal.enteredAt());
        columns.put("updated_at", deal.updatedAt());
        return columns;
    }

    static Map<String, @Nullable Object> appended(DealMove move) {
        Map<String, @Nullable Object> columns = key(move.proposalCid(), move.role());
        columns.put("seq", move.seq());
        columns.put("event", move.event().wireName());
        columns.put("from_state", move.from().code());
        columns.put("to_state", move.to().code());
        columns.put("from_name", move.from().wireName());
        columns.put("to_name", move.to().wireName());
        columns.put("note", move.note());
        columns.put("at", move.at());
        return columns;
    }
}
