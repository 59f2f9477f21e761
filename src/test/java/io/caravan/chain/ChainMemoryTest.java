package io.caravan.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.support.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A chain whose every answer is the number of the question, so that a repeated answer shows. */
class ChainMemoryTest {

    private static final FilAddress ONE = FilAddress.ofId(1001);
    private static final FilAddress OTHER = FilAddress.ofId(1002);

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicReference<Consumer<HeadChange>> heads = new AtomicReference<>(change -> { });
    private ChainRpc node = this::counted;
    private int asked;
    private ChainMemory memory;

    private JsonNode counted(String method, Object... params) {
        asked++;
        return TextNode.valueOf(Integer.toString(asked));
    }

    @BeforeEach
    void listen() {
        Chain chain = new LotusChain((method, params) -> node.call(method, params), listener -> {
            heads.set(listener);
            return () -> heads.set(change -> { });
        });
        memory = new ChainMemory(chain, clock);
    }

    private void newHead() {
        heads.get().accept(new HeadChange(List.of(), List.of()));
    }

    private static TokenAmount atto(long many) {
        return TokenAmount.ofAtto(many);
    }

    @Test
    void asksForEachAnswerOnceAHead() {
        assertThat(memory.walletBalance(ONE)).isEqualTo(atto(1));
        assertThat(memory.walletBalance(OTHER)).isEqualTo(atto(2));
        assertThat(memory.walletBalance(ONE)).isEqualTo(atto(1));
        newHead();
        assertThat(memory.walletBalance(ONE)).isEqualTo(atto(3));
    }

    @Test
    void forgetsInTimeWhenNoNewsOfAHeadComes() {
        memory.walletBalance(ONE);
        clock.forward(ChainMemory.LONGEST.minusMillis(1));
        assertThat(memory.walletBalance(ONE)).isEqualTo(atto(1));
        clock.forward(Duration.ofMillis(1));
        assertThat(memory.walletBalance(ONE)).isEqualTo(atto(2));
    }

    @Test
    void anAnswerThatAHeadOvertakesIsNotRepeated() {
        node = (method, params) -> {
            newHead(); // while the answer is on its way
            return counted(method, params);
        };
        memory.walletBalance(ONE);
        node = this::counted;
        assertThat(memory.walletBalance(ONE)).isEqualTo(atto(2));
    }

    @Test
    void remembersNoFailure() {
        node = (method, params) -> {
            throw new RetryableException("away");
        };
        assertThatThrownBy(() -> memory.walletBalance(ONE)).isInstanceOf(RetryableException.class);
        node = this::counted;
        assertThat(memory.walletBalance(ONE)).isEqualTo(atto(1));
    }

    @Test
    void renewalForgetsAndSaysWhetherThereWasAnything() {
        assertThat(memory.renew()).isFalse();
        memory.walletBalance(ONE);
        assertThat(memory.renew()).isTrue();
        assertThat(memory.walletBalance(ONE)).isEqualTo(atto(2));
    }

    @Test
    void aListenerNoMoreAfterItIsClosed() throws Exception {
        memory.walletBalance(ONE);
        memory.close();
        newHead();
        assertThat(memory.walletBalance(ONE)).isEqualTo(atto(1));
        assertThat(asked).isEqualTo(1);
    }
}
