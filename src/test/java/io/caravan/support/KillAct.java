package io.caravan.support;

import io.caravan.chain.Methods;
import java.util.List;
import java.util.stream.Stream;

/**
 * An act that cannot be taken back, about to be written down as done: the moment at which a second life knows least. The
 * message is pushed and its row still says signed, the file is gone and its line in the book is open.
 *
 * @param victim whose act it is, and who is killed
 * @param name for people
 * @param table whose row is about to be committed
 * @param condition on the row {@code NEW}
 */
public record KillAct(String victim, String name, String table, String condition) {

    private static final long PUBLISH = Methods.MARKET_PUBLISH_STORAGE_DEALS;
    private static final List<String> STATUSES = List.of("SIGNED", "PUSHED", "LANDED");

    /** Every kind of message of a deal's way at each step of its row, and the files and pieces of the miner. */
    public static List<KillAct> all() {
        return Stream.of(message("daemon", "AddBalance", Methods.MARKET_ADD_BALANCE), message("miner", "AddBalance", Methods.MARKET_ADD_BALANCE),
                message("miner", "PublishStorageDeals", PUBLISH), message("miner", "PreCommitSectorBatch2", Methods.MINER_PRE_COMMIT_SECTOR_BATCH2),
                message("miner", "ProveCommitSectors3", Methods.MINER_PROVE_COMMIT_SECTORS3),
                Stream.of(new KillAct("miner", "piece given to a sector", "sector_piece", "true"),
                        new KillAct("miner", "staging file about to be deleted", "file_audit", "NEW.kind = 'staging-car' AND NEW.done_at IS NULL"),
                        new KillAct("miner", "staging file deleted", "file_audit", "NEW.kind = 'staging-car' AND NEW.done_at IS NOT NULL"),
                        new KillAct("miner", "collateral released", "fund_hold", "NEW.state = 'RELEASED'"),
                        new KillAct("daemon", "money released", "fund_hold", "NEW.state = 'RELEASED'"))).flatMap(acts -> acts).toList();
    }

    private static Stream<KillAct> message(String victim, String name, long method) {
        return STATUSES.stream().map(status -> new KillAct(victim, name + " " + status, "chain_message",
                "NEW.status = '%s' AND NEW.method = %d".formatted(status, method)));
    }

    @Override
    public String toString() {
        return victim + " at the commit of: " + name;
    }
}
