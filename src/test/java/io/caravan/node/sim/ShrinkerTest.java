package io.caravan.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("shrinking a failing simulation")
class ShrinkerTest {

    @Test
    @DisplayName("leaves the lines, deals and days that it needs to fail")
    void shrinks() {
        Simulation.Order failing = new Simulation.Order(1, 64, 60, FaultScript.parse("test", """
                day 1 cancel
                day 2 reorg 3
                day 3 cut-link for 1h
                day 4 bad-proposal
                day 5 kill-miner for 10m
                day 6 cancel
                """));
        Simulation.Order smallest = new Shrinker(order -> order.deals() >= 3 && order.days() >= 10
                && order.faults().text().contains("reorg") && order.faults().text().contains("kill-miner"), 200).shrink(failing);
        assertThat(smallest.faults().text()).isEqualTo("day 2 reorg 3\nday 5 kill-miner for 10m");
        assertThat(smallest.deals()).isEqualTo(4);
        assertThat(smallest.days()).isEqualTo(15);
    }

    @Test
    @DisplayName("spends no more simulations than it may")
    void bounded() {
        int[] tries = {0};
        new Shrinker(order -> {
            tries[0]++;
            return true;
        }, 7).shrink(new Simulation.Order(1, 64, 60, FaultScripts.random(1, 40, 60)));
        assertThat(tries[0]).isEqualTo(7);
    }
}
