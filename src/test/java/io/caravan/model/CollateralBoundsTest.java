package io.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollateralBoundsTest {

    @ParameterizedTest
    @CsvSource({"34359738368,5364418029785156,5900859832763671,11801719665527342,7081031799316405",
        "2048,319744231,351718654,703437308,422062384"})
    void computesWhatBothSidesUse(long size, String chainMin, String min, String providerMax, String client) {
        BigInteger exbi = BigInteger.ONE.shiftLeft(60);
        TokenAmount minimum = CollateralBounds.chainMinimum(PaddedPieceSize.of(size), TokenAmount.ofFil(450_000_000),
                exbi.multiply(BigInteger.valueOf(20)), exbi.multiply(BigInteger.valueOf(25)));
        assertThat(minimum.toAttoString()).isEqualTo(chainMin);
        CollateralBounds bounds = CollateralBounds.ofChainMinimum(minimum);
        assertThat(bounds.min().toAttoString()).isEqualTo(min);
        assertThat(bounds.providerMax().toAttoString()).isEqualTo(providerMax);
        assertThat(bounds.clientProposes().toAttoString()).isEqualTo(client);
        assertThat(bounds.max()).hasToString("2000000000 FIL");
    }

    @Test
    void aNetworkWithoutPowerCountsThePieceItself() {
        assertThat(CollateralBounds.chainMinimum(PaddedPieceSize.of(2048), TokenAmount.ofAtto(1000), BigInteger.ZERO,
                BigInteger.ZERO)).isEqualTo(TokenAmount.ofAtto(10));
    }
}
