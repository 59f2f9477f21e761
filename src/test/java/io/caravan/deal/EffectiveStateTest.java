package io.caravan.deal;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.support.DealFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectiveStateTest {

    private static Deal client(DealState local, DealState remote, int errors) {
        return DealFixture.deal(Role.CLIENT, local)
                .withRemote(new Deal.Remote(remote, "", DealFixture.NOW, null, 1, errors));
    }

    @ParameterizedTest
    @CsvSource({"TRANSFERRING, TRANSFERRING, TRANSFERRING", "CHECK_FOR_ACCEPTANCE, PUBLISHING, PUBLISHING",
            "PROPOSAL_ACCEPTED, STAGED, STAGED", "AWAITING_PRE_COMMIT, SEALING, SEALING",
                    "SEALING, FINALIZING, FINALIZING",
            "FUNDS_RESERVED, VALIDATING, FUNDS_RESERVED", "ACTIVE, FINALIZING, FINALIZING", "ACTIVE, EXPIRED, ACTIVE", "ACTIVE, ERROR, ACTIVE", "EXPIRED, ACTIVE, EXPIRED",
            "FAILING, TRANSFERRING, FAILING", "ERROR, TRANSFERRING, ERROR"})
    void showsTheProvidersWordWhereItIsTheProvidersToSay(DealState local, DealState remote, DealState shown) {
        assertThat(EffectiveState.of(client(local, remote, 0))).isEqualTo(new EffectiveState(shown, false));
    }

    @Test
    void keepsTheLastWordOfAProviderThatIsAwayAndSaysSo() {
        assertThat(EffectiveState.of(client(DealState.SEALING, DealState.SEALING, 2)))
                .isEqualTo(new EffectiveState(DealState.SEALING, true));
    }

    @Test
    void showsItsOwnStateUntilTheProviderHasSpoken() {
        assertThat(EffectiveState.of(DealFixture.deal(Role.CLIENT, DealState.START_DATA_TRANSFER)).shown())
                .isEqualTo(DealState.START_DATA_TRANSFER);
        assertThat(EffectiveState.of(DealFixture.deal(Role.PROVIDER, DealState.PUBLISH)).shown())
                .isEqualTo(DealState.PUBLISH);
    }
}
