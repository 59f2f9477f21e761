package io.caravan.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.NetworkParams;
import io.caravan.libp2p.Multiaddr;
import io.caravan.model.FilAddress;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A daemon says what keeps it from making deals, and what to do about it. */
class DaemonHealthTest {

    private final FakeChain chain = DealFixture.chain();
    private final SettableClock clock = SettableClock.at(Instant.EPOCH.plusSeconds(30 * DealFixture.HEAD));
    private Optional<FilAddress> wallet = Optional.of(DealFixture.client());
    private List<Multiaddr> addresses = List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001"));

    private final DaemonHealth health = new DaemonHealth(new DaemonHealth.Tools(chain, () -> addresses), () -> wallet, clock);

    private List<Finding> look() {
        return health.look();
    }

    private Finding.Level level(String code) {
        return look().stream().filter(finding -> finding.code().equals(code)).findFirst().orElseThrow().level();
    }

    @Test
    void nothingIsWrongWithADaemonThatHasAllItNeeds() {
        chain.wallet(DealFixture.client(), BigInteger.TEN);
        assertThat(look()).extracting(Finding::code).containsExactly("NODE-01", "NODE-02", "NODE-03");
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
        assertThat(Diagnosis.isHealthy(look())).isFalse();
        assertThat(Diagnosis.sentence(look(), "")).startsWith("NODE-01: the chain does not answer").contains("chain.url");
    }

    @Test
    void aDevnetThatWasStoppedForAnHourIsWellAsLongAsItsHeadMoves() {
        chain.named(NetworkParams.DEVNET);
        clock.forward(Duration.ofHours(1));
        assertThat(level("NODE-01")).isEqualTo(Finding.Level.OK);
        clock.forward(Duration.ofMinutes(10));
        assertThat(level("NODE-01")).as("no block for ten minutes").isEqualTo(Finding.Level.FAIL);
        chain.to(DealFixture.HEAD + 1);
        assertThat(level("NODE-01")).isEqualTo(Finding.Level.OK);
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
}
