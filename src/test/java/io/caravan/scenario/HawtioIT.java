package io.caravan.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.DealState;
import io.caravan.support.Await;
import io.caravan.support.Browser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Hawtio as an operator uses it: in a browser, signed in, on a miner that makes deals. */
@Tag("busy")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HawtioIT {

    private static final String PASSWORD = "correct horse battery";
    private static final Path PICTURES = Path.of("target/pictures");
    private static final Pattern COUNTED = Pattern.compile("(?s).*?(\\d+)\\s+(\\d+)\\s+To deal:fire/Deal.*");
    private static final String ROUTE = "StorageDealValidating";

    static Browser browser;
    static World world;
    static URI console;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.open();
        world = World.with().start();
        String api = Files.readString(world.miner().home().folder("miner", "").resolve("api")).strip();
        console = URI.create("http://127.0.0.1:" + api.replaceAll(".*/tcp/(\\d+).*", "$1") + "/hawtio/");
        world.miner().call("Caravan.AccountAdd", "kim", PASSWORD, List.of("read", "write", "sign", "admin"));
        world.miner().call("Caravan.AccountAdd", "lou", PASSWORD, List.of("read"));
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

    @Test
    @Order(1)
    void anOperatorSeesADealPassStopsItsRouteAndStartsItAgain() {
        signIn("kim");
        theDealIsCounted();
        aStoppedRouteKeepsItsDeal();
        theClockIsShown();
        strangeBeansAreRefused();
        browser.go(console.resolve("auth/logout")).find("input[type=password]");
        signIn("lou");
        assertThat(jolokia(stop())).isEqualTo(403);
        assertThat(world.miner().call("Caravan.Health").toString()).doesNotContain("stopped: ");
    }

    /** All at once, as the folder of the routes shows them; one that cannot be drawn would leave none of them. */
    @Test
    @Order(2)
    void everyRouteIsDrawn() {
        signedOut(console);
        signIn("kim");
        browser.go(console.resolve("camel")).clickText("routes").clickText("Route Diagram");
        browser.until("each route begins with a node", page -> drawn().split("From ", -1).length > 50);
        assertThat(browser.text()).doesNotContain("On Exception");
        browser.go(console.resolve("auth/logout")).find("input[type=password]");
    }

    /** After the others: what is guessed here slows down who signs in from here. */
    @Test
    @Order(3)
    void theSignInPageTakesAPasswordOrATokenAndSaysWhatIsWrong() throws IOException {
        URI login = console.resolve("/login");
        signedOut(login);
        bySignInPage("not it at all");
        says("Not signed in: this name and password do not go together");
        browser.screenshot(PICTURES.resolve("login-wrong.png"));
        signedOut(console.resolve("/login?next=%2F%23%2Fdeals"));
        bySignInPage(PASSWORD);
        browser.until("it goes on to the page that was asked for", page -> page.at().toString().equals(console.resolve("/#/deals").toString()));
        browser.until("as who signed in", page -> page.text().contains("Deals"));
        browser.click("#leave").until("the button leads to the sign-in page", page -> page.at().getPath().equals("/login"));
        assertThat(world.miner().call("Caravan.Sessions").toString()).as("and ends the session").doesNotContain("\"kim\"");
        for (String elsewhere : List.of("/%09/evil.example/", "%2F%5Cevil.example", "https:evil.example", "javascript:harm()")) {
            signedOut(console.resolve("/login?next=" + elsewhere));
            bySignInPage(PASSWORD);
            browser.until("it stays at this node in spite of " + elsewhere,
                    page -> page.at().getAuthority() != null && page.at().getAuthority().equals(console.getAuthority()) && !page.at().getPath().equals("/login"));
        }
        signedOut(login);
        for (int i = 0; i < 5; i++) {
            bySignInPage("guess number " + i);
            says("Not signed in: this name and password do not go together");
        }
        bySignInPage(PASSWORD);
        browser.until("guessing is slowed down", page -> page.find("#says").getText().matches("Not signed in: too many tries: wait \\d+ s"));
        browser.type("#token", "not.a.token").click("#paste button");
        browser.until("for tokens too", page -> page.find("#says").getText().startsWith("Not signed in: too many tries"));
        browser.type("#token", Files.readString(world.miner().home().folder("miner", "").resolve("token")).strip()).click("#paste button");
        browser.until("whoever has a token is not locked out by that", page -> page.at().getPath().equals("/"));
    }

    private static void signedOut(URI page) {
        browser.driver().manage().deleteAllCookies();
        browser.go(URI.create("about:blank")).go(page);
    }

    private static void bySignInPage(String password) {
        browser.type("#name", "kim").type("#password", password).click("#account button");
    }

    private static void says(String text) {
        browser.until("the page says: " + text, page -> page.find("#says").getText().equals(text));
    }

    private static void signIn(String name) {
        browser.go(console).type("input[name=pf-login-username-id]", name).type("input[type=password]", PASSWORD)
                .click("button[type=submit]").findText("miner-accept");
    }

    private static void theDealIsCounted() {
        browser.size(1280, 800);
        open(ROUTE);
        browser.until("the diagram is drawn", page -> COUNTED.matcher(drawn()).matches());
        int before = counted();
        String deal = world.deal(100_000);
        browser.until("the deal is counted", page -> counted() == before + 1);
        browser.screenshot(PICTURES.resolve("hawtio-diagram.png"));
        browser.size(600, 800).screenshot(PICTURES.resolve("hawtio-diagram-small.png"));
        browser.size(1280, 800);
        world.awaitActive(deal);
    }

    private static void aStoppedRouteKeepsItsDeal() {
        browser.go(console.resolve("camel")).clickText("routes").clickText("Routes");
        press("Stop");
        browser.until("the route is stopped", page -> row().getText().contains("Stopped"));
        String deal = world.deal(100_000);
        Await.until("the miner has the deal", Browser.LIMIT, () -> world.miner().state(deal) == DealState.VALIDATING);
        JsonNode told = world.miner().call("Caravan.Deal", Map.of("/", deal));
        assertThat(told.path("waitsFor").asText()).contains("the route StorageDealValidating, stopped on this node");
        assertThat(told.path("waitsOn").asText()).isEqualTo("operator");
        assertThat(world.miner().call("Caravan.Health").toString()).contains("stopped: StorageDealValidating");
        browser.screenshot(PICTURES.resolve("hawtio-stopped.png"));
        press("Start");
        world.awaitActive(deal);
        world.checkG(deal);
        browser.until("the route runs", page -> row().getText().contains("Started"));
        assertThat(world.logTail()).contains("kim asked by Hawtio: stop() of org.apache.camel:context=miner");
    }

    private static void theClockIsShown() {
        browser.go(console.resolve("quartz")).clickText("Triggers").findText("PreCommitPhase1");
        browser.screenshot(PICTURES.resolve("hawtio-quartz.png"));
    }

    private static void strangeBeansAreRefused() {
        assertThat(jolokia("{\"type\":\"exec\",\"mbean\":\"com.sun.management:type=HotSpotDiagnostic\",\"operation\":\"dumpHeap\","
                + "\"arguments\":[\"/tmp/heap.hprof\",true]}")).isEqualTo(403);
        assertThat(jolokia("{\"type\":\"read\",\"mbean\":\"java.lang:type=Runtime\",\"attribute\":\"SystemProperties\"}")).isEqualTo(403);
        assertThat(jolokia(stop().replace("context=miner", "context=daemon"))).isEqualTo(403);
        assertThat(jolokia("{\"type\":\"read\",\"mbean\":\"java.lang:type=Memory\",\"attribute\":\"HeapMemoryUsage\"}")).isEqualTo(200);
    }

    private static void open(String route) {
        browser.go(console.resolve("camel")).clickText("miner-accept").clickText(route).clickText("Route Diagram");
    }

    /** Also of the nodes that are out of sight. */
    private static String drawn() {
        return String.valueOf(browser.script("return [...document.querySelectorAll('.react-flow__node')].map(n => n.innerText).join('\\n')"));
    }

    private static int counted() {
        Matcher matcher = COUNTED.matcher(drawn());
        return matcher.matches() ? Integer.parseInt(matcher.group(2)) : -1;
    }

    private static WebElement row() {
        return browser.find("table[data-testid=camel-routes-table]").findElement(
                By.xpath(".//tr[.//*[normalize-space(text())='" + ROUTE + "']]"));
    }

    private static void press(String button) {
        browser.until("the row can be ticked", page -> {
            WebElement box = row().findElement(By.cssSelector("input[type=checkbox]"));
            if (!box.isSelected()) {
                box.click();
            }
            return box.isSelected();
        });
        browser.clickText(button);
    }

    private static String stop() {
        return "{\"type\":\"exec\",\"mbean\":\"org.apache.camel:context=miner,name=\\\"" + ROUTE + "\\\",type=routes\",\"operation\":\"stop()\"}";
    }

    /** What Jolokia answers the page that is open: its own status. */
    private static int jolokia(String request) {
        return ((Number) browser.script("const x = new XMLHttpRequest(); x.open('POST', '/hawtio/jolokia', false);"
                + " x.setRequestHeader('Content-Type', 'application/json'); x.send(arguments[0]); return JSON.parse(x.responseText).status", request)).intValue();
    }
}
