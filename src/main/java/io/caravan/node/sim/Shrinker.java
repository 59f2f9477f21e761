package io.caravan.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes an order that fails as small as it goes while it still fails: fewer lines of the script, fewer deals, fewer days.
 * Each try is a simulation of its own, so the number of tries is bounded.
 */
public final class Shrinker {

    private final Predicate<Simulation.Order> fails;
    private int tries;

    /** @param tries the most simulations to spend */
    public Shrinker(Predicate<Simulation.Order> fails, int tries) {
        this.fails = fails;
        this.tries = tries;
    }

    /** The smallest order found that fails as the given one does. */
    public Simulation.Order shrink(Simulation.Order failing) {
        Simulation.Order smallest = lines(failing);
        while (smallest.deals() > 1 && stillFails(with(smallest, smallest.deals() / 2, smallest.days()))) {
            smallest = with(smallest, smallest.deals() / 2, smallest.days());
        }
        while (smallest.days() > 1 && stillFails(with(smallest, smallest.deals(), smallest.days() / 2))) {
            smallest = with(smallest, smallest.deals(), smallest.days() / 2);
        }
        return lines(smallest);
    }

    /** Delta debugging: leaves out ever smaller parts of the script. */
    private Simulation.Order lines(Simulation.Order failing) {
        Simulation.Order smallest = failing;
        int parts = 1;
        while (parts <= smallest.faults().faults().size()) {
            List<Fault> all = smallest.faults().faults();
            int size = Math.max(1, all.size() / parts);
            Simulation.Order smaller = null;
            for (int from = 0; from < all.size() && smaller == null; from += size) {
                List<Fault> rest = new ArrayList<>(all.subList(0, from));
                rest.addAll(all.subList(Math.min(all.size(), from + size), all.size()));
                Simulation.Order without = new Simulation.Order(smallest.seed(), smallest.deals(), smallest.days(), new FaultScript(rest));
                smaller = stillFails(without) ? without : null;
            }
            if (smaller != null) {
                smallest = smaller;
                parts = Math.max(1, parts - 1);
            } else {
                parts = parts == all.size() ? parts + 1 : Math.min(all.size(), parts * 2);
            }
        }
        return smallest;
    }

    private boolean stillFails(Simulation.Order order) {
        return tries-- > 0 && fails.test(order);
    }

    private static Simulation.Order with(Simulation.Order order, int deals, int days) {
        return new Simulation.Order(order.seed(), deals, days, order.faults());
    }
}
