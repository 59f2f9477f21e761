package io.caravan.node.demo;

import io.caravan.node.cli.Show;
import java.io.PrintStream;

/** The last lines of the demo for people: what was made, or what is missing. */
final class Closing {

    private Closing() {}

    static void print(PrintStream out, DemoView.Result result) {
        out.println();
        for (DemoView.Done deal : result.deals()) {
            out.printf("Active: deal %d in sector %d, price %s%n        proposal %s%n",
                    deal.dealId(), deal.sector(), Show.fil(deal.priceAtto()), deal.proposalCid());
        }
        if (result.failure().isEmpty()) {
            out.printf("%d deal%s Active in %s.%n", result.deals().size(), result.deals().size() == 1 ? "" : "s",
                    Show.time(result.took()));
        } else {
            out.printf("Not done after %s: %s%n", Show.time(result.took()), result.failure());
        }
        out.flush();
    }
}
