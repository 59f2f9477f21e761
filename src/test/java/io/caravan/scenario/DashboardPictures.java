package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.AWAITING_PRE_COMMIT;
import static io.caravan.model.DealState.ERROR;
import static io.caravan.model.DealState.PUBLISH;
import static io.caravan.model.DealState.TRANSFERRING;

import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.support.Await;
import io.caravan.support.Browser;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Draws the pictures of docs/img anew, from real deals whose sectors are really sealed; some minutes. Not part of the build:
 * {@code mvn verify -Dsurefire.skip=true -Dit.test=DashboardPictures}.
 */
class DashboardPictures {

    private static final Path FOLDER = Path.of("docs/img");
    /** Real sealing on a busy machine. */
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void draw() {
        try (World world = World.with().sealed().interval(Duration.ofMillis(500)).set("miner.sector-size", "8MiB").set("miner.publish.period", "20s")
                .set("miner.ask.price", "500000000 attoFIL").set("sealing.wait-deals.delay", "10s").start(); Browser browser = Browser.open()) {
            List<String> deals = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                deals.add(world.deal(i * 600_000));
            }
            deals.forEach(deal -> Await.until("deal " + deal + " to be active", LONG, () -> world.miner().state(deal) == ACTIVE));
            world.await(world.daemon(), world.start(Offer.of(world.imported(world.file(9_000))).price(TokenAmount.ofAtto(1))), ERROR);
            String wallet = world.daemon().call("WalletNew", "secp256k1").asText();
            world.chain().faucet(FilAddress.parse(wallet), TokenAmount.ofFil(8));
            for (int bytes = 3_000; bytes < 3_002; bytes++) {
                world.start(Offer.of(world.imported(world.file(bytes))).wallet(wallet).price(TokenAmount.ofFil(6).timesRatio(1, World.DURATION)));
            }
            String sealed = world.deal(2_500_000);
            Await.until("a deal to be sealed", LONG, () -> world.miner().state(sealed) != null && world.miner().path(sealed).contains(AWAITING_PRE_COMMIT));
            String waits = world.deal(700_000);
            world.await(world.miner(), waits, PUBLISH);
            world.libp2p().throttle(150_000);
            String moves = world.deal(3_400_000);
            world.await(world.daemon(), moves, TRANSFERRING);

            signIn(browser, world.miner());
            picture(browser, "deals", "deals", 860, false);
            picture(browser, "pipeline", "pipeline", 820, false);
            picture(browser, "deal/" + deals.get(1), "deal", 1180, false);
            browser.size(380, 900);
            picture(browser, "", "phone", 900, true);
            signIn(browser.size(1280, 860), world.daemon());
            picture(browser, "deal/" + moves, "transfer", 900, true);
            picture(browser, "funds", "funds", 900, false);
            picture(browser, "", "overview", 860, false);
        }
    }

    private static void signIn(Browser browser, Side side) {
        browser.go(URI.create("about:blank")).go(URI.create(side.call("Caravan.LoginLink", "you").path("url").asText()));
        browser.until("the first page is there", page -> page.text().contains("in progress"));
    }

    private static void picture(Browser browser, String page, String name, int height, boolean isDark) {
        browser.dark(isDark);
        boolean isPhone = name.equals("phone");
        browser.size(isPhone ? 380 : 1280, height);
        browser.script("location.hash = arguments[0]", "#/" + page);
        browser.until(name + " is drawn", now -> now.all("main h1").size() == 1 && now.all("main .card, main .lane").size() > 0);
        long until = System.nanoTime() + Duration.ofSeconds(name.equals("transfer") ? 8 : 2).toNanos();
        browser.until("it has settled", now -> System.nanoTime() > until);
        browser.screenshot(FOLDER.resolve("dashboard-" + name + ".png"));
    }
}
