package io.caravan.node.observe;

import java.util.List;

/**
 * Every metric of our own, by Prometheus' conventions: its name, its help, its labels. No label ever has a CID, an address or a
 * peer; each has a small set of values that the program knows.
 */
public enum Metric {

    BUILD_INFO("caravan_build_info", Kind.GAUGE, "Always 1; the labels say which program runs as which role.", "role", "version"),
    DEALS("caravan_deals", Kind.GAUGE, "Deals in each state that has any.", "role", "state"),
    DEALS_PARKED("caravan_deals_parked", Kind.GAUGE, "Deals that wait for an operator after an error nobody foresaw; counted up to 1000.", "role"),
    DEALS_STUCK("caravan_deals_stuck", Kind.GAUGE, "Live deals that somebody should look at: parked, failing again and again, late or short of money; counted up to 1000.", "role"),
    DEAL_MOVES("caravan_deal_moves_total", Kind.COUNTER, "Moves of deals from one state to another that this process wrote.", "role", "event", "from", "to"),
    DEAL_STATE_SECONDS("caravan_deal_state_seconds", Kind.HISTOGRAM, Bounds.STAYS, "How long deals were in the state that they left.", "role", "state"),
    DEAL_REJECTS("caravan_deal_rejects_total", Kind.COUNTER, "Deals that were refused, by the code of the reason.", "role", "code"),
    DEAL_MOVES_LAG("caravan_deal_moves_lag_rows", Kind.GAUGE, "Moves that the receiver of deal:moves that is furthest behind has not taken.", "role"),
    PHASE_RUNS("caravan_phase_runs_total", Kind.COUNTER, "Runs of the route of a state, by how they ended: moved, waits, failed, bug, gave_up or lost.", "kind", "state", "outcome"),
    PHASE_SECONDS("caravan_phase_seconds", Kind.HISTOGRAM, Bounds.WORK, "How long runs took that moved something or failed.", "kind", "state"),
    ROUTES("caravan_routes", Kind.GAUGE, "Camel routes by status.", "status"),
    SECTORS("caravan_sectors", Kind.GAUGE, "Sectors in each state that has any.", "state"),
    SECTORS_PARKED("caravan_sectors_parked", Kind.GAUGE, "Sectors that wait for an operator."),
    SECTOR_STATE_SECONDS("caravan_sector_state_seconds", Kind.HISTOGRAM, Bounds.STAYS, "How long sectors were in the step that they left.", "state"),
    TRANSFER_BYTES("caravan_transfer_bytes_total", Kind.COUNTER, "Bytes of deals' data that were sent (out) or received (in).", "direction"),
    TRANSFERS("caravan_transfers", Kind.GAUGE, "Transfers that are not over."),
    TRANSFER_RATE("caravan_transfer_rate_bytes_per_second", Kind.GAUGE, "Rate of all running transfers, as they saw it of late."),
    TRANSFER_ENDS("caravan_transfer_ends_total", Kind.COUNTER, "Transfers that ended, by status.", "status"),
    FUNDS("caravan_funds_fil", Kind.GAUGE, "Money in the market, in FIL: escrow, locked, reserved, free, on_its_way.", "kind"),
    WALLET("caravan_wallet_fil", Kind.GAUGE, "What the paying wallet, or the miner's worker, holds, in FIL."),
    FUND_VIOLATIONS("caravan_fund_violations_total", Kind.COUNTER, "Times that our rows and the chain's figures did not add up."),
    PUBLISH_WAITING("caravan_publish_waiting", Kind.GAUGE, "Deals that wait to be in a publish message."),
    PUBLISH_OLDEST("caravan_publish_oldest_seconds", Kind.GAUGE, "How long the oldest of them waits; 0 when none does."),
    PUBLISH_BATCH("caravan_publish_batch_deals", Kind.HISTOGRAM, Bounds.BATCH, "Deals in each publish message that landed."),
    MESSAGES("caravan_messages", Kind.GAUGE, "Chain messages that have not landed: intent, signed or pushed.", "status"),
    MESSAGE_OLDEST("caravan_message_oldest_seconds", Kind.GAUGE, "Age of the oldest message that has a nonce and has not landed; 0 when there is none."),
    MESSAGES_LANDED("caravan_messages_landed_total", Kind.COUNTER, "Messages that landed, by what they are for and whether they succeeded.", "kind", "result"),
    MESSAGE_GAS("caravan_message_gas_total", Kind.COUNTER, "Gas that landed messages used.", "kind"),
    MESSAGE_FEES("caravan_message_fees_fil_total", Kind.COUNTER, "What landed messages cost in FIL, reckoned by the base fee of the head that showed them deep enough.", "kind"),
    CHAIN_EPOCH("caravan_chain_epoch", Kind.GAUGE, "Epoch of the chain's head as last heard."),
    CHAIN_HEAD_AGE("caravan_chain_head_age_seconds", Kind.GAUGE, "How old that head is; negative where the chain runs ahead of our clock."),
    DISK_FREE("caravan_disk_free_bytes", Kind.GAUGE, "Room that the disk of a folder has left.", "folder"),
    P2P_CONNECTIONS("caravan_libp2p_connections", Kind.GAUGE, "Open connections, by who dialed.", "direction"),
    P2P_STREAMS("caravan_libp2p_streams", Kind.GAUGE, "Open streams."),
    P2P_BYTES("caravan_libp2p_bytes_total", Kind.COUNTER, "Bytes on the wire.", "direction"),
    P2P_REFUSED("caravan_libp2p_refused_total", Kind.COUNTER, "Connections and streams refused because a bound was reached or the peer is blocked."),
    P2P_DIALS("caravan_libp2p_dials_total", Kind.COUNTER, "Dials that ended, by result.", "result"),
    P2P_PROTOCOL_STREAMS("caravan_libp2p_protocol_streams_total", Kind.COUNTER, "Streams that agreed on a protocol.", "protocol"),
    P2P_PROTOCOL_BYTES("caravan_libp2p_protocol_bytes_total", Kind.COUNTER, "Payload by protocol.", "protocol", "direction"),
    RPC_CALLS("caravan_rpc_calls_total", Kind.COUNTER, "JSON-RPC calls that were answered, by method and result.", "method", "result"),
    RPC_SECONDS("caravan_rpc_seconds", Kind.HISTOGRAM, Bounds.CALLS, "How long answering them took.", "method"),
    DB_CONNECTIONS("caravan_db_connections", Kind.GAUGE, "Connections of the pool: active, idle; and threads that wait for one: waiting.", "state"),
    DB_CONNECTIONS_MAX("caravan_db_connections_max", Kind.GAUGE, "Most connections the pool may open."),
    READY("caravan_ready", Kind.GAUGE, "Whether this role takes deals, or a devnet makes blocks: 1 or 0, as /observe/health/ready says."),
    HEALTH_FINDINGS("caravan_health_findings", Kind.GAUGE, "Findings of health by level: ok, warn, fail, skipped.", "level"),
    TRACE_SPANS("caravan_trace_spans_total", Kind.COUNTER, "Spans that were exported, dropped because too many waited, or failed to be sent.", "result"),
    DEVNET_POOL("caravan_devnet_pool_messages", Kind.GAUGE, "Of a devnet: messages that wait for a block."),
    DEVNET_BLOCK_SECONDS("caravan_devnet_block_seconds", Kind.HISTOGRAM, Bounds.WORK, "Of a devnet: how long making and keeping a block took."),
    DEVNET_EPOCH_SECONDS("caravan_devnet_epoch_seconds", Kind.GAUGE, "Of a devnet: time between two blocks of its clock; 0 while that is stopped."),
    SAMPLE_AGE("caravan_sample_age_seconds", Kind.GAUGE, "How old the figures of a group of gauges are; they are read beside the scrape, not by it.", "group");

    /** How a metric behaves. */
    public enum Kind { COUNTER, GAUGE, HISTOGRAM }

    private final String text;
    private final Kind kind;
    private final List<Double> bounds;
    private final String help;
    private final List<String> labels;

    Metric(String text, Kind kind, String help, String... labels) {
        this(text, kind, List.of(), help, labels);
    }

    Metric(String text, Kind kind, List<Double> bounds, String help, String... labels) {
        this.text = text;
        this.kind = kind;
        this.bounds = bounds;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** As Prometheus knows it; of a counter with its {@code _total}. */
    public String text() {
        return text;
    }

    public Kind kind() {
        return kind;
    }

    /** Upper bounds of a histogram's buckets, without infinity. */
    public List<Double> bounds() {
        return bounds;
    }

    public String help() {
        return help;
    }

    public List<String> labels() {
        return labels;
    }

    private static final class Bounds {
        static final List<Double> STAYS = List.of(1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0, 43_200.0, 86_400.0, 259_200.0, 604_800.0, 2_592_000.0);
        static final List<Double> WORK = List.of(0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0, 300.0, 1800.0, 7200.0, 28_800.0);
        static final List<Double> CALLS = List.of(0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 30.0);
        static final List<Double> BATCH = List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 255.0);
    }
}
