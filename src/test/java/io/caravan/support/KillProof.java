package io.caravan.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.FilAddress;
import io.caravan.store.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** That nothing happened twice, was lost or lies about after a kill, by the chain, the tables and the files. */
public final class KillProof {

    private static final Duration CLOSING = Duration.ofSeconds(60);
    /** A sector that ended is Unknown again; only one that was terminated may be. */
    private static final String UNFINISHED = "sector s WHERE state <> 'Proving' AND NOT (state = 'Unknown'"
            + " AND EXISTS (SELECT 1 FROM sector_event e WHERE e.number = s.number AND e.event = 'Terminated'))";

    private final CaravanHome home;

    /** Everything that ever landed. */
    private final ChainFacts ever;

    /** What a home's kills are judged by; one for all of its kills. */
    public KillProof(CaravanHome home) {
        this.home = home;
        this.ever = ChainFacts.since(home, 0);
    }

    /** Fails with what there is too much or too little of. */
    public void everythingHappenedOnce(KillRun run) throws IOException {
        nothingIsOpen();
        ever.goOn(from -> home.call("devnet", "Devnet.Log", from));
        ChainFacts facts = ever.from(run.height());
        oneOfEach(run, facts);
        noneOf(run.refused(), facts);
        assertThat(facts.failures()).as("messages that failed\n%s", facts).isZero();
        List.of("daemon", "miner").forEach(role -> assertThat(ever.sentBy(senders(role)))
                .as("messages of the %s in the chain; its table must know each\n%s", role, facts)
                .isEqualTo(count(role, "chain_message WHERE status = 'LANDED'")));
        try (Stream<Path> staged = Files.walk(home.home().folder("miner", "staging"))) {
            assertThat(staged.filter(Files::isRegularFile)).as("staging files").isEmpty();
        }
    }

    /** A deal may be Active on chain a few epochs before its sector's last message is deep enough to be closed. */
    private void nothingIsOpen() {
        for (String role : List.of("daemon", "miner")) {
            none("open holds", role, "fund_hold WHERE state <> 'RELEASED'");
            none("reserved money", role, "fund_account WHERE reserved_atto <> 0");
            none("open messages", role, "chain_message WHERE status IN ('INTENT', 'SIGNED', 'PUSHED')");
            none("parked deals", role, "deal WHERE parked");
        }
        none("sector on its way", "miner", UNFINISHED);
    }

    private void none(String what, String role, String from) {
        Await.until("no " + what + " at the " + role, CLOSING, () -> count(role, from) == 0);
    }

    private void oneOfEach(KillRun run, ChainFacts facts) {
        FilAddress miner = FilAddress.parse(home.call("miner", "ActorAddress").asText());
        for (String proposal : run.active()) {
            JsonNode deal = home.call("miner", "Caravan.Deal", Map.of("/", proposal));
            long sector = deal.path("sector").asLong(-1);
            assertThat(facts.publishesOf(proposal)).as("publish messages of %s\n%s", proposal, facts).isEqualTo(1);
            assertThat(facts.preCommitsOf(miner, sector)).as("pre-commits of sector %s\n%s", sector, facts).isEqualTo(1);
            assertThat(facts.provesOf(miner, sector)).as("prove-commits of sector %s\n%s", sector, facts).isEqualTo(1);
            assertThat(home.call("daemon", "Caravan.Deal", Map.of("/", proposal)).path("dealId")).isEqualTo(deal.path("dealId"));
            assertThat(count("miner", "sector_piece WHERE proposal_cid = '" + proposal + "' AND sector_number = " + sector)).isEqualTo(1);
            assertThat(count("miner", "sector_piece WHERE sector_number = " + sector)).isEqualTo(1);
        }
    }

    private void noneOf(List<String> refused, ChainFacts facts) {
        for (String proposal : refused) {
            assertThat(facts.publishesOf(proposal)).isZero();
            assertThat(count("miner", "sector_piece WHERE proposal_cid = '" + proposal + "'")).isZero();
        }
    }

    /** The accounts that a role has sent from, under both of their names. */
    private Set<FilAddress> senders(String role) {
        Set<FilAddress> senders = new HashSet<>();
        for (String sender : values(role, "SELECT DISTINCT sender FROM chain_message")) {
            senders.add(FilAddress.parse(sender));
            senders.add(FilAddress.parse(home.call("daemon", "StateLookupID", sender, null).asText()));
        }
        return senders;
    }

    private long count(String role, String from) {
        return Long.parseLong(values(role, "SELECT count(*) FROM " + from).get(0));
    }

    private List<String> values(String role, String sql) {
        DatabaseAddress address = home.database(role);
        try (var connection = DriverManager.getConnection(address.url(), address.user(), address.password());
                var statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read " + sql, e);
        }
    }
}
