package io.caravan.piece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PieceSizesTest {
    @Test
    void roundsAPayloadUpToItsPiece() {
        long[][] vectors = {{0, 128}, {127, 128}, {128, 256}, {254, 256}, {255, 512}, {1016, 1024}, {2032, 2048},
            {2033, 4096}, {1_000_000, 1 << 20}, {1 << 20, 1 << 21}, {PieceSizes.MAX_PAYLOAD, PieceSizes.MAX_PADDED}};
        for (long[] v : vectors) {
            assertThat(PieceSizes.paddedFor(v[0]).bytes()).as("%d", v[0]).isEqualTo(v[1]);
        }
    }

    @Test
    void refusesWhatNoPieceHolds() {
        assertThatThrownBy(() -> PieceSizes.paddedFor(PieceSizes.MAX_PAYLOAD + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PieceSizes.paddedFor(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
