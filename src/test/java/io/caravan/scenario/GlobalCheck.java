package io.caravan.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.DealState;
import io.caravan.node.cli.CliException;
import io.caravan.support.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The global check with which every scenario ends (deal-lifecycle §15): the daemon shows what the miner has, no file is
 * left in staging that nobody needs, no money is held for a deal that has ended, no turn, lease, queue entry or transfer
 * of such a deal is left, and what is reserved is what the open holds add up to.
 */
final class GlobalCheck {

    private static final String FINAL = "(8, 9, 26)";
    private static final String DONE = "(7, 8, 9, 26)";

    private final World world;

    GlobalCheck(World world) {
        this.world = world;
    }

    /** Looks until nothing is wrong with these deals any more; fails with all that is. */
    void await(Duration limit, String... proposals) {
        List<String> wrong = new ArrayList<>();
        Await.until(() -> "global check G: " + String.join("; ", wrong) + "\n" + stories(proposals), limit, () -> {
            wrong.clear();
            wrong.addAll(wrong(proposals));
            return wrong.isEmpty();
        });
    }

    private List<String> wrong(String... proposals) {
        List<String> wrong = new ArrayList<>();
        for (String proposal : proposals) {
            agreement(proposal, wrong);
        }
        for (Side side : List.of(world.daemon(), world.miner())) {
            rows(side, wrong);
        }
        staging(wrong);
        return wrong;
    }

    /** I1: what the daemon shows is what the miner has; a deal that never reached the miner ended at the daemon. */
    private void agreement(String proposal, List<String> wrong) {
        JsonNode shown;
        try {
            shown = world.daemon().call("ClientGetDealInfo", Map.of("/", proposal));
        } catch (CliException e) {
            return; // a foreign client's deal
        }
        DealState client = DealState.ofCode(shown.path("State").asLong());
        DealState provider = world.miner().state(proposal);
        if (provider == null ? !client.isFinal() : client != provider) {
            wrong.add("the daemon shows " + client + ", the miner has " + provider);
        }
    }

    private void rows(Side side, List<String> wrong) {
        String of = " of the " + side.name();
        none(side, "fund_hold h WHERE h.state <> 'RELEASED' AND EXISTS (SELECT 1 FROM deal d WHERE d.proposal_cid = h.proposal_cid AND d.state IN "
                + FINAL + ")", "holds of deals that ended" + of, wrong);
        none(side, "fund_account a WHERE a.reserved_atto <> (SELECT coalesce(sum(h.amount_atto), 0) FROM fund_hold h"
                + " WHERE h.address = a.address AND h.state IN ('COVERED', 'FUNDING'))", "accounts whose reserve is not the sum of their holds" + of, wrong);
        none(side, "deal WHERE state IN " + FINAL + " AND lease_until IS NOT NULL", "leases on deals that ended" + of, wrong);
        none(side, "deal_tag t JOIN deal d USING (proposal_cid) WHERE d.role = 'provider' AND d.state IN (0, 14, 15, 10, 11, 7, 8, 9, 26)",
                "promises to deals that need none" + of, wrong);
        none(side, "deal_terms t JOIN deal d USING (proposal_cid) WHERE d.role = 'provider' AND d.state IN " + FINAL,
                "terms of deals that ended" + of, wrong);
        none(side, "deal WHERE parked", "parked deals" + of, wrong);
        none(side, "publish_queue q JOIN deal d USING (proposal_cid) WHERE q.message_key IS NULL AND d.state IN " + DONE, "waiting queue entries of deals that are done" + of, wrong);
        none(side, "transfer_channel t JOIN deal d ON d.proposal_cid = t.proposal_cid WHERE NOT t.ended AND d.state IN " + DONE,
                "open transfers of deals that are done" + of, wrong);
    }

    private static void none(Side side, String from, String what, List<String> wrong) {
        long count = side.count(from);
        if (count > 0) {
            wrong.add(count + " " + what);
        }
    }

    private void staging(List<String> wrong) {
        List<String> needed = world.miner().values("SELECT p FROM deal, unnest(array[inbound_path, piece_path]) p"
                + " WHERE p IS NOT NULL AND state NOT IN " + DONE);
        for (Path file : world.miner().files("staging")) {
            if (needed.stream().noneMatch(path -> file.toString().startsWith(path))) {
                wrong.add("staging has " + file.getFileName());
            }
        }
    }

    private String stories(String... proposals) {
        StringBuilder all = new StringBuilder();
        for (String proposal : proposals) {
            all.append(world.story(proposal));
        }
        return all.append(world.logTail()).toString();
    }
}
