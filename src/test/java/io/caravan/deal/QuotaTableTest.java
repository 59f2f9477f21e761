package io.caravan.deal;

import static io.caravan.support.DealFixture.proposed;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.RejectedException;
import io.caravan.model.TokenAmount;
import io.caravan.store.AcceptanceStore.Load;
import io.caravan.store.DealTag;
import java.math.BigInteger;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every limit of acceptance at its boundary; the deal has 2048 padded bytes and 100 attoFIL of collateral. */
class QuotaTableTest {

    private static final Set<DealTag> ONLINE = EnumSet.allOf(DealTag.class);
    private static final Set<DealTag> OFFLINE = EnumSet.of(DealTag.FUNDS, DealTag.SLOT);

    /** How long until each of those that are sealed now is done; by what was measured of others. */
    private List<Duration> left = List.of();

    private static Deal deal() {
        return proposed(p -> new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), p.label(),
                p.startEpoch(), p.endEpoch(), p.storagePricePerEpoch(), TokenAmount.ofAtto(100), p.clientCollateral()));
    }

    private static QuotaConfig config(long staging, long client, long waiting, long sealing, long deals, long perHour,
            long bytesPerHour) {
        return new QuotaConfig(TokenAmount.ZERO, staging, client, 0, waiting, sealing, deals, perHour, bytesPerHour);
    }

    private Load load(long spendable, long free, long held, long tagged, long deals, long arriving, long staged,
            long clientStaged, long clientDeals, long clientBytes, long waiting, long sealing) {
        return new Load(TokenAmount.ofAtto(spendable), free, TokenAmount.ofAtto(held), TokenAmount.ofAtto(tagged), deals,
                BigInteger.valueOf(arriving), BigInteger.valueOf(staged), BigInteger.valueOf(clientStaged), clientDeals,
                BigInteger.valueOf(clientBytes), waiting, sealing, placeable);
    }

    private long placeable = Long.MAX_VALUE;

    private Load roomy() {
        return load(1000, 1 << 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private void passes(QuotaConfig config, Load load, Set<DealTag> needs) {
        assertThatCode(() -> table(config).require(new QuotaTable.Wish(deal(), needs, load))).doesNotThrowAnyException();
    }

    private void refuses(String told, String detail, QuotaConfig config, Load load) {
        assertThatThrownBy(() -> table(config).require(new QuotaTable.Wish(deal(), ONLINE, load)))
                .isInstanceOfSatisfying(RejectedException.class, refusal ->
                        org.assertj.core.api.Assertions.assertThat(refusal.detailForUs()).isEqualTo(detail))
                .hasMessage(told);
    }

    private QuotaTable table(QuotaConfig config) {
        return new QuotaTable(config, new QuotaTable.Pace() {
            @Override
            public Optional<Duration> untilSealed(long many) {
                return many > left.size() ? Optional.empty() : Optional.of(left.get((int) many - 1));
            }

            @Override
            public Optional<Duration> untilPacked(long many) {
                return untilSealed(many).map(time -> time.plusMinutes(10));
            }
        });
    }

    private static QuotaConfig unlimited() {
        return config(0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void takesADealWhenNothingIsLimited() {
        passes(unlimited(), load(100, 2048, 0, 0, 1_000_000, 0, 1L << 60, 1L << 60, 1_000_000, 1L << 60, 999, 999), ONLINE);
    }

    @ParameterizedTest
    @CsvSource({"99, 0, 0, 99", "200, 60, 41, 99", "-5, 0, 0, -5"})
    void wantsCollateralLeftAfterAllHoldsAndTagsButTellsNobodyHowMuch(long spendable, long held, long tagged, long left) {
        refuses("Q-funds provider-funds-insufficient", "Q-funds provider-funds-insufficient: " + left + " < 100 attoFIL",
                unlimited(), load(spendable, 1 << 20, held, tagged, 0, 0, 0, 0, 0, 0, 0, 0));
        passes(unlimited(), load(200, 1 << 20, 60, 40, 0, 0, 0, 0, 0, 0, 0, 0), ONLINE);
    }

    @Test
    void takesExactlyFullForFull() {
        QuotaConfig config = config(10_000, 0, 0, 0, 0, 0, 0);
        refuses("Q-space staging-full", "Q-space staging-full: 10000 >= 10000", config,
                load(1000, 1 << 20, 0, 0, 0, 0, 7952, 0, 0, 0, 0, 0));
        passes(config, load(1000, 1 << 20, 0, 0, 0, 0, 7951, 0, 0, 0, 0, 0), ONLINE);
        passes(config, load(1000, 1 << 20, 0, 0, 0, 0, 9000, 0, 0, 0, 0, 0), OFFLINE);
    }

    @Test
    void limitsOneClientWhileThereIsRoomForOthers() {
        QuotaConfig config = config(1 << 30, 4096, 0, 0, 0, 0, 0);
        refuses("Q-client client-quota-full: 4096 >= 4096", "Q-client client-quota-full: 4096 >= 4096", config,
                load(1000, 1 << 20, 0, 0, 0, 0, 2048, 2048, 0, 0, 0, 0));
        passes(config, load(1000, 1 << 20, 0, 0, 0, 0, 1 << 20, 2047, 0, 0, 0, 0), ONLINE);
    }

    @Test
    void keepsRoomForWhatIsPromisedToOthers() {
        refuses("Q-disk disk-full", "Q-disk disk-full: 2047 < 2048", unlimited(),
                load(1000, 5000, 0, 0, 0, 2953, 0, 0, 0, 0, 0, 0));
        passes(unlimited(), load(1000, 5000, 0, 0, 0, 2952, 0, 0, 0, 0, 0, 0), ONLINE);
        passes(unlimited(), load(1000, 0, 0, 0, 0, 2953, 0, 0, 0, 0, 0, 0), OFFLINE);
        refuses("Q-disk disk-full", "Q-disk disk-full: -7 < 2048", unlimited(), load(1000, -7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void saysWhenToComeAgainWhileSealingIsBusy() {
        QuotaConfig config = config(0, 0, 3, 5, 0, 0, 0);
        left = List.of(Duration.ofSeconds(1), Duration.ofSeconds(100), Duration.ofSeconds(181));
        String waiting = "Q-backpressure sealing-busy: 5 sectors wait for pieces, 3 are enough; again in about 12 min";
        refuses(waiting, waiting, config, load(1000, 1 << 20, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0));
        String sealing = "Q-backpressure sealing-busy: 8 sectors are being sealed, 5 are enough; again in about 4 min";
        refuses(sealing, sealing, config, load(1000, 1 << 20, 0, 0, 0, 0, 0, 0, 0, 0, 3, 8));
        String soon = "Q-backpressure sealing-busy: 6 sectors are being sealed, 5 are enough; again in about 1 min";
        refuses(soon, soon, config, load(1000, 1 << 20, 0, 0, 0, 0, 0, 0, 0, 0, 3, 6));
        String unknown = "Q-backpressure sealing-busy: 9 sectors are being sealed, 5 are enough; when again is unknown";
        refuses(unknown, unknown, config, load(1000, 1 << 20, 0, 0, 0, 0, 0, 0, 0, 0, 3, 9));
        passes(config, load(1000, 1 << 20, 0, 0, 0, 0, 0, 0, 0, 0, 3, 5), ONLINE);
    }

    @Test
    void takesNoDealThatCouldNotBeSealedForWantOfDisk() {
        placeable = 2047;
        String unknown = "Q-backpressure sealing-busy: there is no disk to seal one more sector on; when again is unknown";
        refuses(unknown, unknown, unlimited(), roomy());
        left = List.of(Duration.ofMinutes(7));
        String known = "Q-backpressure sealing-busy: there is no disk to seal one more sector on; again in about 7 min";
        refuses(known, known, unlimited(), roomy());
        placeable = 2048;
        passes(unlimited(), roomy(), ONLINE);
    }

    @Test
    void limitsTheDealsAtATime() {
        refuses("Q-deals too-many-deals", "Q-deals too-many-deals: 7 >= 7", config(0, 0, 0, 0, 7, 0, 0),
                load(1000, 1 << 20, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0));
        passes(config(0, 0, 0, 0, 7, 0, 0), load(1000, 1 << 20, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0), ONLINE);
    }

    @Test
    void limitsWhatOneClientGetsInAnHour() {
        String many = "Q-rate client-too-fast: 3 >= 3 deals in an hour";
        refuses(many, many, config(0, 0, 0, 0, 0, 3, 0), load(1000, 1 << 20, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0));
        passes(config(0, 0, 0, 0, 0, 3, 0), load(1000, 1 << 20, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0), ONLINE);
        String much = "Q-rate client-too-fast: 4097 > 4096 bytes in an hour";
        refuses(much, much, config(0, 0, 0, 0, 0, 0, 4096), load(1000, 1 << 20, 0, 0, 0, 0, 0, 0, 0, 2049, 0, 0));
        passes(config(0, 0, 0, 0, 0, 0, 4096), load(1000, 1 << 20, 0, 0, 0, 0, 0, 0, 0, 2048, 0, 0), ONLINE);
    }

    @Test
    void namesTheFirstLimitInTheOrderOfTheSpec() {
        QuotaConfig all = config(1, 1, 1, 1, 1, 1, 1);
        refuses("Q-funds provider-funds-insufficient", "Q-funds provider-funds-insufficient: 0 < 100 attoFIL", all,
                load(0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9));
        refuses("Q-space staging-full", "Q-space staging-full: 2057 >= 1", all, load(1000, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9));
        passes(unlimited(), roomy(), ONLINE);
    }
}
