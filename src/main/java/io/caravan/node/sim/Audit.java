package io.caravan.node.sim;

import io.caravan.chain.Chain;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.node.Machine;
import io.caravan.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What must hold when everything has come to rest (deal-lifecycle §11.5 and check G of §15): both sides agree, nothing is
 * held, queued, leased or stored for deals that ended, and no proposal was published twice.
 */
final class Audit {

    private static final String FINAL = "(8, 9, 26)";
    private static final String DONE = "(7, 8, 9, 26)";

    private static final Duration NEXT_LOOK = Duration.ofHours(12);

    private final Instant now;
    private final Machine machine;
    private final Chain chain;
    private final Path staging;
    private final Customers customers;
    private final List<String> wrong = new ArrayList<>();

    Audit(Instant now, Machine machine, Chain chain, Path staging, Customers customers) {
        this.now = now;
        this.machine = machine;
        this.chain = chain;
        this.staging = staging;
        this.customers = customers;
    }

    /** All that is wrong, each in a sentence. */
    List<String> look(Map<String, Story> client, Map<String, Story> provider) {
        customers.proposals().forEach((number, proposal) -> agreement(number, client.getOrDefault(proposal, Story.NONE),
                provider.getOrDefault(proposal, Story.NONE)));
        rows("daemon");
        rows("miner");
        money("daemon");
        money("miner");
        staging();
        published();
        return List.copyOf(wrong);
    }

    /** I1 and I4. */
    private void agreement(int number, Story client, Story provider) {
        if (!client.exists()) {
            wrong.add("deal " + number + " is lost at the daemon");
        } else if (!provider.exists()) {
            if (!client.last().isFinal()) {
                wrong.add("deal " + number + " is " + client.last() + " at the daemon, the miner never had it");
            }
        } else if (client.last() != provider.last() && !isJustOver(client, provider)) {
            wrong.add("deal " + number + " is " + client.last() + " at the daemon (" + client.codes() + ") and "
                    + provider.last() + " at the miner (" + provider.codes() + ")");
        } else if (!client.last().isFinal() && client.last() != DealState.ACTIVE) {
            wrong.add("deal " + number + " rests in " + client.last());
        }
    }

    /** Each side sees a deal's end on the chain by itself, at its own next look. */
    private boolean isJustOver(Story client, Story provider) {
        Story over = client.last() == DealState.ACTIVE ? provider : client;
        Story living = client.last() == DealState.ACTIVE ? client : provider;
        return living.last() == DealState.ACTIVE && (over.last() == DealState.EXPIRED || over.last() == DealState.SLASHED)
                && over.moved().isAfter(now.minus(NEXT_LOOK));
    }

    private void rows(String role) {
        Database database = machine.database(role);
        none(database, "fund_hold h WHERE h.state <> 'RELEASED' AND EXISTS (SELECT 1 FROM deal d WHERE d.proposal_cid = h.proposal_cid AND d.state IN "
                + FINAL + ")", "holds of deals that ended at the " + role);
        none(database, "fund_account a WHERE a.reserved_atto <> (SELECT coalesce(sum(h.amount_atto), 0) FROM fund_hold h"
                + " WHERE h.address = a.address AND h.state IN ('COVERED', 'FUNDING'))",
                "accounts of the " + role + " whose reserve is not the sum of their holds");
        none(database, "deal WHERE state IN " + FINAL + " AND lease_until IS NOT NULL", "leases on deals that ended at the " + role);
        none(database, "deal WHERE parked", "parked deals at the " + role);
        none(database, "publish_queue q JOIN deal d USING (proposal_cid) WHERE q.message_key IS NULL AND d.state IN " + DONE,
                "waiting queue entries of deals that are done at the " + role);
        none(database, "transfer_channel t JOIN deal d ON d.proposal_cid = t.proposal_cid WHERE NOT t.ended AND d.state IN " + DONE,
                "open transfers of deals that are done at the " + role);
    }

    private void none(Database database, String from, String what) {
        long count = Rows.count(database, from);
        if (count > 0) {
            wrong.add(count + " " + what);
        }
    }

    /** What is reserved for deals to come is there: escrow less what the chain has locked covers it. */
    private void money(String role) {
        for (String[] account : Rows.of(machine.database(role), "SELECT address, reserved_atto FROM fund_account")) {
            var balance = chain.marketBalance(FilAddress.parse(account[0]));
            var reserved = new java.math.BigInteger(account[1]);
            if (balance.escrow().atto().subtract(balance.locked().atto()).compareTo(reserved) < 0) {
                wrong.add("the " + role + " has reserved " + reserved + " attoFIL of " + account[0] + ", which has "
                        + balance.escrow().minus(balance.locked()) + " available");
            }
        }
    }

    private void staging() {
        List<String[]> needed = Rows.of(machine.database("miner"), "SELECT p FROM deal, unnest(array[inbound_path, piece_path]) p"
                + " WHERE p IS NOT NULL AND state NOT IN " + DONE);
        if (!Files.isDirectory(staging)) {
            return;
        }
        try (Stream<Path> files = Files.walk(staging)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> needed.stream().noneMatch(path -> file.toString().startsWith(path[0])))
                    .forEach(file -> wrong.add("staging keeps " + file.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each proposal has at most one deal on the chain, and both sides know it by the same number. */
    private void published() {
        Map<String, String> ids = new HashMap<>();
        for (String[] row : Rows.of(machine.database("miner"), "SELECT proposal_cid, deal_id FROM deal WHERE deal_id IS NOT NULL")) {
            ids.put(row[0], row[1]);
        }
        for (String[] row : Rows.of(machine.database("daemon"), "SELECT proposal_cid, deal_id FROM deal WHERE deal_id IS NOT NULL")) {
            String other = ids.get(row[0]);
            if (other != null && !other.equals(row[1])) {
                wrong.add("deal " + customers.number(row[0]) + " is " + row[1] + " on chain for the daemon and " + other + " for the miner");
            }
        }
        Publications.twice(machine.database("miner")).forEach(proposal ->
                wrong.add("deal " + customers.number(proposal) + " was published more than once"));
        long twice = Rows.count(machine.database("miner"), "(SELECT deal_id FROM deal WHERE deal_id IS NOT NULL GROUP BY deal_id HAVING count(*) > 1) t");
        if (twice > 0) {
            wrong.add(twice + " deals on chain belong to two proposals");
        }
    }
}
