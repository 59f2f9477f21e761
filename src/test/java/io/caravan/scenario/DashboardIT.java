package io.caravan.scenario;

import static io.caravan.model.DealState.ERROR;
import static io.caravan.model.DealState.PUBLISH;
import static io.caravan.model.DealState.TRANSFERRING;
import static io.caravan.model.DealState.VALIDATING;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.support.Browser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The dashboard as a person uses it: the real pages of a real daemon and miner, in a real browser. */
@Tag("busy")
class DashboardIT {

    private static final String HOSTILE = "<img src=x onerror=\"window.harmed=1\"><script>window.harmed=1</script>";

    private static final String ROUTE = "StorageDealValidating";
    private static final Path PICTURES = Path.of("target/pictures");

    static World world;
    static Browser browser;
    @TempDir
    static Path routes;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.open();
        copyRoutes();
        world = World.with().set("miner.publish.period", "1h").set("miner.ask.price", "500000000 attoFIL")
                .set("caravan.routes.folder", routes.toString()).set("caravan.routes.look", "100ms").start();
    }

    private static void copyRoutes() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("routes"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path copy = routes.resolve(Path.of("routes").relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (world != null) {
            world.close();
        }
    }

    @BeforeEach
    void light() {
        browser.size(1280, 800).dark(false);
    }

    @AfterEach
    void nothingWentWrongInThePage() {
        assertThat(browser.consoleErrors()).isEmpty();
    }

    /** By a link that a terminal would print. */
    private static void signIn(Side side) {
        String link = side.call("Caravan.LoginLink", "tess").path("url").asText();
        browser.go(URI.create("about:blank")).go(URI.create(link));
        browser.until("the first page is there", page -> page.all("main h1").size() == 1 && page.text().contains("in progress"));
        browser.until("it is live", page -> !page.all(".live .dot.good").isEmpty());
    }

    private static Browser open(String page) {
        browser.script("location.hash = arguments[0]", "#/" + page);
        return browser;
    }

    private static void shows(String text) {
        browser.until("the page shows: " + text, page -> page.text().contains(text));
    }

    @Test
    void aDealGoesThroughBeforeOnesEyesAndIsPublishedByAWordThatWasConfirmed() {
        signIn(world.miner());
        open("deals");
        browser.find("main .chips");
        browser.script("window.sameDocument = 'yes'");
        world.libp2p().throttle(400_000);
        String deal;
        try {
            deal = world.deal(1_500_000);
            browser.until("the new deal is listed", page -> page.all("tr[data-key='" + deal + "']").size() == 1);
            world.await(world.miner(), deal, TRANSFERRING);
            open("deal/" + deal);
            browser.until("data is on its way", page -> page.text().contains("Receiving the data") && page.text().contains("a second"));
        } finally {
            world.libp2p().restore();
        }
        world.await(world.miner(), deal, PUBLISH);
        shows("Waiting for the next publish message");
        shows("Waits for ");
        browser.clickText("Publish now").find("dialog[open]");
        shows("The wallet pays the message’s fee, at most 0.05 FIL. A published deal cannot be cancelled any more.");
        browser.press(Keys.ESCAPE);
        browser.until("the dialog is gone", page -> page.all("dialog").isEmpty());
        assertThat(world.miner().state(deal)).as("nothing was done").isEqualTo(PUBLISH);
        browser.clickText("Publish now").find("dialog[open]");
        browser.click("dialog button[type=submit]");
        world.awaitActive(deal);
        browser.until("the page has followed it", page -> page.find("h1").getText().startsWith("Active"));
        assertThat(browser.script("return window.sameDocument")).as("without a reload").isEqualTo("yes");
        open("pipeline");
        shows("1 sector proven");
        open("funds");
        shows("Locked by deals on chain");
        world.checkG(deal);
    }

    @Test
    void whyADealIsStuckIsFoundAndTheDealEnded() {
        signIn(world.daemon());
        String wallet = world.daemon().call("WalletNew", "secp256k1").asText();
        world.chain().faucet(FilAddress.parse(wallet), TokenAmount.ofFil(10));
        TokenAmount price = TokenAmount.ofFil(6).timesRatio(1, World.DURATION); // enough for one of them
        List<String> deals = Stream.of(900, 901).map(bytes -> world.start(Offer.of(world.imported(world.file(bytes))).wallet(wallet).price(price))).toList();
        browser.until("its alert is in the header of the pages", page -> !page.all("#side .pill.bad").isEmpty());
        open("alerts");
        shows("A deal waits for money");
        shows("needed in the escrow");
        String link = browser.find("main li.notice a[href^='#/deal/']").getAttribute("href");
        String deal = link.substring(link.lastIndexOf('/') + 1);
        assertThat(deals).contains(deal);
        browser.click("main a[href='#/deal/" + deal + "']");
        browser.until("why", page -> page.text().contains("Why it is where it is") && page.text().contains("money"));
        browser.click("[data-key=cancel] button").find("dialog[open]");
        shows("A cancelled deal cannot be taken up again");
        browser.type("dialog input[name=field]", HOSTILE.substring(0, 60)).click("dialog button[type=submit]");
        world.await(world.daemon(), deal, ERROR);
        browser.until("what was done is in its history, as text", page -> page.text().contains("What people did") && page.text().contains("<img src=x"));
        assertThat(browser.script("return window.harmed")).isNull();
        assertThat(world.daemon().deal(deal).path("operations").path(0).path("who").asText()).isEqualTo("tess");
    }

    @Test
    void aStoppedRouteIsFoundFromTheDealStaysStoppedWhenItsFileChangesAndIsStartedThere() throws IOException {
        signIn(world.miner());
        assertThat(stoppedByHawtio()).isEqualTo(200L);
        try {
            aStoppedRouteIsFoundFromTheDeal(world.deal(2_300));
        } finally {
            world.miner().call("Caravan.RouteStart", ROUTE); // whatever went wrong, the others need it
        }
    }

    private static void aStoppedRouteIsFoundFromTheDeal(String deal) throws IOException {
        world.await(world.miner(), deal, VALIDATING);
        open("deal/" + deal);
        shows("The route of this phase is stopped: nothing happens until somebody starts it");
        shows("tess stopped StorageDealValidating on this node");
        assertThat(browser.text()).doesNotContain("Looked at next");
        browser.screenshot(PICTURES.resolve("dashboard-stopped-deal.png"));
        browser.size(380, 900).screenshot(PICTURES.resolve("dashboard-stopped-deal-phone.png"));
        browser.size(1280, 800).click("main a[href='#/routes?route=StorageDealValidating']");
        shows("1 route is not running");
        shows("stopped by tess");
        Path file = routes.resolve("miner/3-accept.camel.yaml");
        Files.writeString(file, Files.readString(file).replaceFirst("description: .*", "description: As it was changed today."));
        browser.until("the change is there with its verdict", page -> page.all("[aria-label=Changes] .badge.good").size() == 1);
        shows("StorageDealValidating stays stopped, as it was");
        browser.click("[aria-label=Changes] details summary");
        browser.until("what changed", page -> page.find("[aria-label=Changes] pre").getText().contains("+    description: As it was changed today."));
        browser.screenshot(PICTURES.resolve("dashboard-swap.png"));
        browser.size(380, 900).screenshot(PICTURES.resolve("dashboard-swap-phone.png"));
        assertThat(browser.script("return document.documentElement.scrollWidth")).isEqualTo(380L);
        assertThat(world.miner().deal(deal).path("stopped").path("who").asText()).isEqualTo("tess");
        browser.size(1280, 800).click("[data-key=stopped-StorageDealValidating] button");
        browser.until("all routes run", page -> !page.text().contains("not running"));
        world.await(world.miner(), deal, PUBLISH);
    }

    /** Jolokia's own status. */
    private static Object stoppedByHawtio() {
        return browser.driver().executeAsyncScript("const done = arguments[1]; fetch('/hawtio/jolokia', {method: 'POST', headers: {'Content-Type': 'application/json'},"
                + " body: arguments[0]}).then(answer => answer.json()).then(answer => done(answer.status))",
                "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=miner,name=\\\"" + ROUTE + "\\\",type=routes\",\"operation\":\"stop()\"}");
    }

    @Test
    void whatAStrangerWritesIsShownAndDoesNothing() {
        signIn(world.miner());
        ForeignClient stranger = world.foreign();
        stranger.propose(terms -> labelled(terms, HOSTILE));
        open("deals?find=" + URLEncoder.encode("<img src", StandardCharsets.UTF_8));
        browser.until("the label finds its deal", page -> page.all("tr.link").size() == 1);
        browser.click("tr.link a.row");
        shows(HOSTILE);
        assertThat(browser.script("return window.harmed")).isNull();
        assertThat(browser.all("main img, main script")).isEmpty();
    }

    private static DealProposal labelled(DealProposal p, String label) {
        return new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), DealLabel.ofText(label), p.startEpoch(),
                p.endEpoch(), p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
    }

    @Test
    void whoMayOnlyLookIsToldSoAndRefused() {
        signIn(world.miner());
        String deal = world.deal(2_000);
        world.await(world.miner(), deal, PUBLISH);
        String token = world.miner().call("Caravan.TokenNew", "looker", List.of("read"), null).path("token").asText();
        Object signedIn = browser.driver().executeAsyncScript("const done = arguments[1]; fetch('/login', {method: 'POST', headers: {'Content-Type': 'application/json'},"
                + " body: JSON.stringify({token: arguments[0]})}).then(answer => done(answer.status))", token);
        assertThat(signedIn).isEqualTo(200L);
        browser.script("location.hash = arguments[0]; location.reload()", "#/deal/" + deal);
        shows("Your sign-in may not change and end things");
        assertThat(browser.find("[data-key=cancel] button").isEnabled()).isFalse();
        Object answer = browser.driver().executeAsyncScript("const done = arguments[1]; fetch('/rpc/v1', {method: 'POST', headers: {'Content-Type': 'application/json'},"
                + " body: JSON.stringify({jsonrpc: '2.0', id: 1, method: 'Caravan.DealCancel', params: [{'/': arguments[0]}, null]})}).then(answer => answer.text()).then(done)", deal);
        assertThat(answer.toString()).contains("missing permission to invoke 'Caravan.DealCancel' (need 'admin')");
        assertThat(world.miner().state(deal)).isEqualTo(PUBLISH);
    }

    @Test
    void onAPhoneNothingIsWiderThanThePageAndByNightItIsDark() {
        String deal = world.deal(2_100);
        world.await(world.miner(), deal, PUBLISH);
        for (Side side : List.of(world.miner(), world.daemon())) {
            signIn(side);
            browser.size(380, 760);
            for (String page : List.of("", "deals", "deal/" + deal, "pipeline", "funds", "peers", "asks", "routes", "alerts")) {
                open(page);
                browser.until("page " + page + " is drawn", now -> now.all("main h1").size() == 1);
                assertThat(browser.script("return document.documentElement.scrollWidth")).as(side.name() + "'s page " + page).isEqualTo(380L);
            }
            browser.click(".menu-button").click("#side a[href='#/deals']");
            browser.until("the menu leads there and closes", page -> page.find("h1").getText().equals("Deals") && page.all("#side.open").isEmpty());
        }
        Object day = browser.script("return getComputedStyle(document.body).backgroundColor");
        browser.dark(true);
        browser.until("it is dark", page -> !day.equals(page.script("return getComputedStyle(document.body).backgroundColor")));
        browser.click("#theme");
        browser.until("the switch wins over the system", page -> day.equals(page.script("return getComputedStyle(document.body).backgroundColor")));
        Object night = browser.dark(true).click("#theme").script("return getComputedStyle(document.body).backgroundColor");
        browser.dark(false);
        assertThat(browser.script("return getComputedStyle(document.body).backgroundColor")).as("dark by the switch as by the system").isEqualTo(night).isNotEqualTo(day);
        browser.click("#theme");
        browser.until("as the system has it", page -> day.equals(page.script("return getComputedStyle(document.body).backgroundColor")));
    }

    @Test
    void theKeyboardIsEnough() {
        String deal = world.deal(2_200);
        world.await(world.miner(), deal, PUBLISH);
        signIn(world.miner());
        browser.script("document.activeElement.blur()");
        browser.press(Keys.TAB);
        assertThat(browser.script("return document.activeElement.id")).isEqualTo("skip");
        browser.press(Keys.ENTER);
        assertThat(browser.script("return document.activeElement.id")).isEqualTo("main");
        browser.press("/");
        assertThat(browser.script("return document.activeElement.id")).isEqualTo("search");
        browser.press(deal.substring(0, 20), Keys.ENTER);
        browser.until("the search finds it", page -> page.all("tr.link").size() == 1);
        tabTo("a.row");
        browser.press(Keys.ENTER);
        shows("Waiting for the next publish message");
        tabTo("[data-key=cancel] button");
        browser.press(Keys.SPACE);
        browser.find("dialog[open]");
        for (int i = 0; i < 6; i++) {
            browser.press(Keys.TAB);
            assertThat(browser.script("const at = document.activeElement; return at === document.body || Boolean(at.closest('dialog'))")).as("the dialog keeps the focus").isEqualTo(true);
        }
        browser.press(Keys.ESCAPE);
        browser.until("it closes", page -> page.all("dialog").isEmpty());
        assertThat(browser.script("return Boolean(document.activeElement.closest('[data-key=cancel]'))")).as("and the focus is back").isEqualTo(true);
        assertThat(world.miner().state(deal)).isEqualTo(PUBLISH);
    }

    private static void tabTo(String css) {
        for (int i = 0; i < 60; i++) {
            if (Boolean.TRUE.equals(browser.script("return document.activeElement.matches(arguments[0])", css))) {
                return;
            }
            browser.press(Keys.TAB);
        }
        throw new AssertionError("by the Tab key nobody gets to " + css);
    }
}
