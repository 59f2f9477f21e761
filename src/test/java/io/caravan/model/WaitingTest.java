package io.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WaitingTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = START.plusSeconds(60);

    @Test
    void keepsItsBeginningWhileItWaitsForTheSame() {
        Waiting first = Waiting.NOTHING.on(WaitsOn.CHAIN, "the message to land (head 7)", START, null);
        Waiting second = first.on(WaitsOn.CHAIN, "the message to land (head 12)", LATER, LATER.plusSeconds(9));
        assertThat(second.since()).isEqualTo(START);
        assertThat(second.what()).endsWith("(head 12)");
        assertThat(second.until()).isEqualTo(LATER.plusSeconds(9));
    }

    @Test
    void beginsAgainWhenItWaitsForSomethingElseOrOnSomebodyElse() {
        Waiting first = Waiting.NOTHING.on(WaitsOn.PEER, "the data", START, null);
        assertThat(first.on(WaitsOn.PEER, "the answer", LATER, null).since()).isEqualTo(LATER);
        assertThat(first.on(WaitsOn.NODE, "the data", LATER, null).since()).isEqualTo(LATER);
    }

    @Test
    void keepsItsWordsWhenATryFailsAndForgetsTheFailureAfterAGoodLook() {
        Waiting first = Waiting.NOTHING.on(WaitsOn.PEER, "the data", START, null);
        Waiting failed = first.failed("the chain node does not answer", WaitsOn.CHAIN, LATER);
        assertThat(failed).isEqualTo(new Waiting(WaitsOn.CHAIN, "the data", START, null,
                "the chain node does not answer"));
        assertThat(first.failed("no", null, LATER).on()).isEqualTo(WaitsOn.PEER);
        assertThat(failed.well().lastError()).isNull();
        assertThat(Waiting.NOTHING.failed("no", null, LATER).since()).isEqualTo(LATER);
    }

    @Test
    void namesEachKindByOneWord() {
        for (WaitsOn kind : WaitsOn.values()) {
            assertThat(WaitsOn.of(kind.text())).isEqualTo(kind);
        }
        assertThat(WaitsOn.of("CHAIN")).isEqualTo(WaitsOn.CHAIN);
        assertThatThrownBy(() -> WaitsOn.of("rain")).hasMessageContaining("'rain'").hasMessageContaining("peer, chain");
    }
}
