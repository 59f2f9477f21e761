package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of one side's database says which files and rows still belong to a live deal. */
public final class Litter {

    private static final Integer[] ENDS = Arrays.stream(DealState.values())
            .filter(DealState::isFinal).map(DealState::code).toArray(Integer[]::new);

    private final Sql sql;
    private final Role role;

    public Litter(Sql sql, Role role) {
        this.sql = sql;
        this.role = role;
    }

    /** The paths of the files that live deals refer to. */
    public Set<String> filesInUse() {
        Set<String> paths = new HashSet<>();
        sql.list("deal/files", Map.of("role", role.text(), "ends", ENDS), (row, number) -> {
            for (String column : List.of("inbound_path", "piece_path")) {
                String path = row.getString(column);
                if (path != null) {
                    paths.add(path);
                }
            }
            return number;
        });
        return paths;
    }

    /** Deals that are over or unknown, with transfers that nothing has changed since that moment. */
    public List<Cid> dealsWithOrphanTransfers(Instant before, int limit) {
        return sql.list("transfer_channel/orphans", Map.of("role", role.text(), "before", before, "ends", ENDS,
                "limit", limit), (row, number) -> Rows.cid(row, "proposal_cid"));
    }

    /** Deals that are over or unknown and still have a place in the publish queue since before that moment. */
    public List<Cid> dealsWithOrphanPlaces(Instant before, int limit) {
        return sql.list("publish_queue/orphans", Map.of("before", before, "ends", ENDS, "limit", limit),
                (row, number) -> Rows.cid(row, "proposal_cid"));
    }

    /** Whether a deal still has its place in the publish queue. */
    public boolean hasPlace(Cid proposalCid) {
        return sql.one("publish_queue/has", Map.of("proposal_cid", proposalCid.toString()), (row, number) -> true)
                .isPresent();
    }

    /** Removes a deal's place in the publish queue, whatever message it went into. */
    public void forgetPlace(Cid proposalCid) {
        sql.write("publish_queue/forget", Map.of("proposal_cid", proposalCid.toString()));
    }

    /**
     * Forgets in which messages deals were that ended before that moment, once each of these landed or was given up; the
     * messages stay.
     *
     * @param limit about so many rows in one go
     * @return how many rows went
     */
    public int forgetAttempts(Instant before, int limit) {
        return sql.write("publish_attempt/forget", Map.of("before", before, "ends", ENDS, "limit", limit));
    }
}
