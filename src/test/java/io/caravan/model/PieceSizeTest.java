package io.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.CodecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PieceSizeTest {

    @ParameterizedTest
    @CsvSource({"128,127", "512,508", "2048,2032", "1048576,1040384", "34359738368,34091302912"})
    void convertsBetweenPaddedAndUnpadded(long padded, long unpadded) {
        assertThat(PaddedPieceSize.of(padded).unpadded()).isEqualTo(UnpaddedPieceSize.of(unpadded));
        assertThat(UnpaddedPieceSize.of(unpadded).padded()).isEqualTo(PaddedPieceSize.of(padded));
        assertThat(PaddedPieceSize.of(padded).isLegal()).isTrue();
        assertThat(UnpaddedPieceSize.of(unpadded).isLegal()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0,128", "1,128", "127,128", "128,256", "254,256", "255,512", "310,512", "1040384,1048576", "1040385,2097152"})
    void findsTheSmallestPieceThatHolds(long payload, long padded) {
        assertThat(PaddedPieceSize.holding(payload)).isEqualTo(PaddedPieceSize.of(padded));
    }

    @Test
    void keepsIllegalSizesReadableButSaysSo() {
        for (long bytes : new long[] {0, 1, 64, 127, 129, 384, Long.MAX_VALUE}) {
            assertThat(PaddedPieceSize.of(bytes).isLegal()).isFalse();
            assertThatThrownBy(() -> PaddedPieceSize.of(bytes).checked()).isInstanceOf(CodecException.class);
        }
        assertThat(UnpaddedPieceSize.of(381).isLegal()).isFalse();
        assertThatThrownBy(() -> PaddedPieceSize.of(-1)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> PaddedPieceSize.holding(Long.MAX_VALUE)).isInstanceOf(CodecException.class);
    }
}
