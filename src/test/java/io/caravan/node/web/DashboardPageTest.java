package io.caravan.node.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.DealState;
import io.caravan.model.Kind;
import io.caravan.model.Role;
import io.caravan.rpc.Caller;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class DashboardPageTest {

    private static final Path FOLDER = Path.of("src/main/resources/web/dashboard");

    private final DashboardPage page = new DashboardPage();
    private final WebFiles files = new WebFiles();

    private HttpPage.Reply get(String path, Map<String, String> headers) {
        return page.handle(new HttpPage.Request("GET", path, "", headers, new byte[0],
                Caller.nobody(InetAddress.getLoopbackAddress(), Set.of(Permission.READ))));
    }

    private static String text(HttpPage.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Test
    void everyFileOfTheFolderIsServedAndNoOther() throws IOException {
        try (Stream<Path> all = Files.list(FOLDER)) {
            assertThat(all.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(WebFiles.NAMES);
        }
        for (String name : WebFiles.NAMES) {
            assertThat(get("/web/" + files.version() + "/" + name, Map.of()).status()).as(name).isEqualTo(200);
        }
        assertThat(get("/web/" + files.version() + "/other.js", Map.of()).status()).isEqualTo(404);
        assertThat(get("/nowhere", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void theDocumentIsAskedForAgainAndNamesFilesThatMayBeKept() {
        HttpPage.Reply index = get("/", Map.of());
        assertThat(index.headers()).containsEntry("Cache-Control", "no-cache");
        String script = "/web/" + files.version() + "/app.js";
        assertThat(text(index)).contains(script).doesNotContain("{{");
        HttpPage.Reply app = get(script, Map.of());
        assertThat(app.headers()).containsEntry("Cache-Control", "public, max-age=31536000, immutable");
        assertThat(get("/web/00000000000000000000/app.js", Map.of()).status()).as("an older program's file").isEqualTo(404);
        HttpPage.Reply again = get("/", Map.of("if-none-match", index.headers().get("ETag")));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void whoCanReadItGetsItCompressed() throws IOException {
        HttpPage.Reply plain = get("/", Map.of());
        HttpPage.Reply small = get("/", Map.of("accept-encoding", "gzip, br"));
        assertThat(small.headers()).containsEntry("Content-Encoding", "gzip").containsEntry("Vary", "Accept-Encoding");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(small.body())).readAllBytes()).isEqualTo(plain.body());
    }

    @Test
    void nothingIsWritten() {
        HttpPage.Reply reply = page.handle(new HttpPage.Request("POST", "/", "", Map.of(), new byte[0],
                Caller.nobody(InetAddress.getLoopbackAddress(), Set.of(Permission.READ))));
        assertThat(reply.status()).isEqualTo(405);
    }

    @Test
    void noScriptMakesMarkupOfTextOrNeedsWhatThePolicyForbids() throws IOException {
        try (Stream<Path> all = Files.list(FOLDER)) {
            for (Path file : all.toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML",
                        "document.write", "eval(", "new Function", " style=\"", "javascript:", "<style", "onclick=\"");
            }
        }
    }

    @Test
    void everyStateOfBothSidesHasPlainWords() throws IOException {
        String words = Files.readString(FOLDER.resolve("words.js"));
        for (Role role : Role.values()) {
            String name = role == Role.CLIENT ? "daemon" : "miner";
            Matcher part = Pattern.compile("(?s)\\n  " + name + ": \\{(.*?)\\n  \\},").matcher(words);
            assertThat(part.find()).isTrue();
            for (DealState state : DealState.values()) {
                if (state.kind(role) != Kind.REPLY) {
                    assertThat(part.group(1)).contains(state.wireName().substring("StorageDeal".length()) + ": '");
                }
            }
        }
    }
}
