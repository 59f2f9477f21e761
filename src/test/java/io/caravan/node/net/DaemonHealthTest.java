package io.caravan.node.net;

import static io.caravan.support.DealFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.libp2p.Multiaddr;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.store.WaitingDeals;
import io.caravan.support.DealBuilder;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon says what keeps it from making deals, and what to do about it. */
@Tag("db")
class DaemonHealthTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final FakeChain chain = DealFixture.chain();
    private final SettableClock clock = SettableClock.at(Instant.EPOCH.plusSeconds(30 * DealFixture.HEAD));
    private Optional<FilAddress> wallet = Optional.of(DealFixture.client());
    private List<Multiaddr> addresses = List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001"));
    private List<Finding> others = List.of();

    @BeforeEach
    void empty() {
        POSTGRES.database().sql().write("test/empty", Map.of());
    }

    private List<Finding> look() {
        return new DaemonHealth(new DaemonHealth.Tools(chain, () -> addresses, new WaitingDeals(POSTGRES.database().sql(), clock)),
                () -> wallet, () -> others, clock).look();
    }

    private Finding.Level level(String code) {
        return look().stream().filter(finding -> finding.code().equals(code)).findFirst().orElseThrow().level();
    }

    @Test
    void nothingIsWrongWithADaemonThatHasAllItNeeds() {
        chain.wallet(DealFixture.client(), BigInteger.TEN);
        assertThat(look()).extracting(Finding::code).containsExactly("NODE-01", "NODE-02", "NODE-03", "NODE-04");
        assertThat(look()).allSatisfy(finding -> assertThat(finding.level()).isEqualTo(Finding.Level.OK));
        assertThat(Diagnosis.sentence(look(), "nothing is wrong")).isEqualTo("nothing is wrong");
    }

    @Test
    void aChainThatIsAwayOrOldMakesItIllAndTheRestIsStillTold() {
        clock.forward(Duration.ofHours(1));
        assertThat(level("NODE-01")).isEqualTo(Finding.Level.FAIL);
        chain.away(true);
        assertThat(level("NODE-01")).isEqualTo(Finding.Level.FAIL);
        assertThat(level("NODE-02")).isEqualTo(Finding.Level.SKIPPED);
        assertThat(level("NODE-04")).isEqualTo(Finding.Level.OK);
        assertThat(Diagnosis.isHealthy(look())).isFalse();
        assertThat(Diagnosis.sentence(look(), "")).startsWith("NODE-01: the chain does not answer").contains("chain.url");
    }

    @Test
    void aDaemonWithoutMoneyWalletOrAddressSaysSo() {
        chain.wallet(DealFixture.client(), BigInteger.ZERO);
        assertThat(level("NODE-02")).isEqualTo(Finding.Level.WARN);
        wallet = Optional.empty();
        assertThat(level("NODE-02")).isEqualTo(Finding.Level.WARN);
        addresses = List.of();
        assertThat(level("NODE-03")).isEqualTo(Finding.Level.WARN);
        assertThat(Diagnosis.isHealthy(look())).as("deals go on").isTrue();
    }

    @Test
    void aParkedDealIsNamedWithTheVerbThatListsIt() {
        var deals = POSTGRES.deals(clock, "node");
        var deal = deals.insert(DealBuilder.aDeal("stuck").as(Role.CLIENT).in(DealState.TRANSFERRING).at(NOW).build()).deal();
        deals.park(deal, new FatalException("a bug"));
        assertThat(look()).anySatisfy(finding -> {
            assertThat(finding.code()).isEqualTo("NODE-04");
            assertThat(finding.level()).isEqualTo(Finding.Level.WARN);
            assertThat(finding.sentence()).startsWith("1 deal is stuck").contains(deal.proposalCid().toString());
            assertThat(finding.fix()).isEqualTo("./caravan deals --stuck");
        });
    }

    @Test
    void whatOthersFindIsToldToo() {
        others = List.of(Finding.fail("MONEY-01", "funds", "they do not add up", "./caravan funds"));
        assertThat(Diagnosis.isHealthy(look())).isFalse();
    }
}
