package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Bytes;
import io.caravan.model.Epoch;
import io.caravan.model.Sector;
import org.junit.jupiter.api.Test;

/** Until when a sector is promised, and when a ticket is too old (spec sealing 5.3). */
class SealEpochsTest {

    private static final long DAY = 2880;
    private static final long HEAD = 1_000_000;

    private static Sector.Draw ticket(long epoch) {
        return new Sector.Draw(Epoch.of(epoch), Bytes.EMPTY);
    }

    private static long promised(long lastDealEnd, long ticket) {
        return SealEpochs.expiration(Epoch.of(lastDealEnd), ticket(ticket), Epoch.of(HEAD)).value();
    }

    @Test
    void aSectorIsPromisedUntilItsLastDealEnds() {
        assertThat(promised(HEAD + 500 * DAY, HEAD - 900)).isEqualTo(HEAD + 500 * DAY);
    }

    @Test
    void aPromiseIsNeverShorterThanTheChainTakesHoweverLateTheMessageLands() {
        long ticket = HEAD - 900;
        assertThat(promised(HEAD + 10, ticket)).isEqualTo(ticket + 3780 + 30 * DAY + 150 + 180 * DAY);
        long old = HEAD - 3000;
        assertThat(promised(HEAD + 10, old)).isEqualTo(old + 3780 + 30 * DAY + 150 + 180 * DAY)
                .isGreaterThanOrEqualTo(HEAD + 180 * DAY + DAY);
        assertThat(promised(HEAD + 10, HEAD - 200 * DAY)).as("a redone sector keeps its ticket").isEqualTo(HEAD + 180 * DAY + DAY);
    }

    @Test
    void aPromiseIsNeverLongerThanTheChainTakes() {
        assertThat(promised(HEAD + 1278 * DAY, HEAD - 900)).isEqualTo(HEAD + 1278 * DAY);
        assertThat(promised(HEAD + 1278 * DAY + 1, HEAD - 900)).isEqualTo(HEAD + 1278 * DAY);
        assertThat(promised(HEAD + 5000 * DAY, HEAD - 900)).isEqualTo(HEAD + 1278 * DAY);
    }

    @Test
    void aTicketIsTooOldWhenItsMessageMightBeIncludedTooLate() {
        Sector.Draw ticket = ticket(HEAD);
        assertThat(SealEpochs.isOld(ticket, Epoch.of(HEAD + 3780 - 60))).isFalse();
        assertThat(SealEpochs.isOld(ticket, Epoch.of(HEAD + 3780 - 59))).isTrue();
    }
}
