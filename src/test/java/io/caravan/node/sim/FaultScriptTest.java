package io.caravan.node.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.DealState;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("a fault script")
class FaultScriptTest {

    @Test
    @DisplayName("has one fault a line, at a day, again and again, or when a deal comes into a state")
    void reads() {
        FaultScript script = FaultScript.parse("test", """
                # comment
                day 1.5  cut-link for 30m

                about every 2d   kill-miner for 1h   # twice a week
                deal 7 in StorageDealSealing at provider   reorg 4
                every 6h cancel
                """);
        assertThat(script.faults()).extracting(Fault::deed)
                .containsExactly(Fault.Deed.CUT_LINK, Fault.Deed.KILL_MINER, Fault.Deed.REORG, Fault.Deed.CANCEL);
        assertThat(script.faults().get(0).when()).isEqualTo(new Fault.When.At(Duration.ofHours(36)));
        assertThat(script.faults().get(0).time()).isEqualTo(Duration.ofMinutes(30));
        assertThat(script.faults().get(1).when()).isEqualTo(new Fault.When.Every(Duration.ofDays(2), true));
        assertThat(script.faults().get(2).when()).isEqualTo(new Fault.When.InState(7, "provider", DealState.SEALING));
        assertThat(script.faults().get(2).amount()).isEqualTo(4);
    }

    @Test
    @DisplayName("is the same after it was written")
    void writes() {
        FaultScript script = FaultScripts.random(5, 30, 40);
        assertThat(FaultScript.parse("again", script.text())).isEqualTo(script);
    }

    @Test
    @DisplayName("that is shipped can be read")
    void shipped() {
        assertThat(FaultScripts.named("usual").faults()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest(name = "''{0}'' is refused: {1}")
    @CsvSource(delimiter = '|', value = {
        "day 1 explode-now | test line 1: there is no fault 'explode-now'; there are cut-link for TIME",
        "day x cut-link for 3m | test line 1: 'day x' is no time",
        "day 1 cut-link | test line 1: cut-link wants 'for' and a time",
        "day 1 cut-link for ages | test line 1: 'ages' is no time: write 30s, 10m, 2h or 3d",
        "day 1 reorg deep | test line 1: reorg wants a number of 1 to 999999, not 'deep'",
        "day 1 cancel all | test line 1: cancel wants nothing more, not 'all'",
        "deal 1 in Nowhere reorg 3 | test line 1: there is no state 'Nowhere' of a deal",
        "deal 1 in StorageDealActive at home reorg 3 | test line 1: a side is client or provider, not 'home'",
        "nonsense | test line 1: 'nonsense' is no line of the form WHEN WHAT"})
    void refuses(String line, String sentence) {
        assertThatThrownBy(() -> FaultScript.parse("test", line)).isInstanceOf(FaultScriptException.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    @DisplayName("that is no file is refused with what --faults takes")
    void noFile() {
        assertThatThrownBy(() -> FaultScripts.named("no-such-file")).isInstanceOf(FaultScriptException.class)
                .hasMessage("--faults is none, usual or a file, and there is no file no-such-file");
    }
}
