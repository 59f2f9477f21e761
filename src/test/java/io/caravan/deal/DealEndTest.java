package io.caravan.deal;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.Epoch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DealEndTest {

    @ParameterizedTest
    @CsvSource({"518400, 2880, 0, 1000, 521279", "518400, 2880, 1234, 1000, 522513",
            "518400, 2880, 1234, 28040, 548433"})
    void endsWithAProvingPeriodAfterTheLeastDuration(long least, long period, long periodStart, long start, long end) {
        assertThat(DealEnd.expiration(least, period, Epoch.of(periodStart), Epoch.of(start))).isEqualTo(Epoch.of(end));
    }

    @ParameterizedTest
    @CsvSource({"-1", "-2879", "-100000"})
    void neverEndsTooSoonWhenThePeriodBeganBeforeTheChain(long periodStart) {
        assertThat(DealEnd.expiration(1000, 2880, Epoch.of(periodStart), Epoch.of(7)).value())
                .isGreaterThanOrEqualTo(1007);
    }
}
