package io.caravan.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrowserTest {

    private static final String PAGE = """
            <!doctype html><title>a page</title><body><h1></h1><button>more</button><input>
            <script>
              document.querySelector('button').onclick = () => setTimeout(() => document.querySelector('h1').textContent = 'later', 200);
              fetch('https://example.com/').catch(() => document.body.dataset.outside = 'refused');
              console.error('something is wrong');
            </script>""";

    @TempDir Path folder;

    @Test
    void aPageIsSeenClickedAndPicturedAtItsSizeAndNothingLeavesTheMachine() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            call.sendResponseHeaders(200, page.length);
            call.getResponseBody().write(page);
            call.close();
        });
        server.start();
        try (Browser browser = Browser.open()) {
            browser.size(400, 700).dark(true).go(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
            browser.clickText("more").findText("later");
            browser.type("input", "one").type("input", "it's two");
            assertThat(browser.find("input").getDomProperty("value")).isEqualTo("it's two");
            assertThat(browser.script("return [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]"))
                    .asList().containsExactly(400L, true);
            browser.until("a request to another machine fails", page -> !page.all("body[data-outside=refused]").isEmpty());
            assertThat(browser.consoleErrors()).anyMatch(line -> line.contains("something is wrong"));
            Path picture = browser.screenshot(folder.resolve("pictures/page.png"));
            assertThat(ImageIO.read(Files.newInputStream(picture)).getWidth()).isEqualTo(400);
        } finally {
            server.stop(0);
        }
    }
}
