package io.caravan.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiInfoTest {
    @TempDir
    Path home;

    @Test
    void writesTheFilesOfLotusForTheOwnerOnly() throws Exception {
        ApiInfo.write(home, new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 1234), "a.b.c");
        assertThat(home.resolve("api")).hasContent("/ip4/127.0.0.1/tcp/1234/http");
        assertThat(home.resolve("token")).hasContent("a.b.c");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("token"))))
                .isEqualTo("rw-------");
        ApiInfo info = ApiInfo.read(home, 0);
        assertThat(info.endpoint()).isEqualTo(URI.create("http://127.0.0.1:1234/rpc/v0"));
        assertThat(info.token()).isEqualTo("a.b.c");
        assertThat(info.toString()).doesNotContain("a.b.c");
        ApiInfo.remove(home);
        assertThatIllegalArgumentException().isThrownBy(() -> ApiInfo.read(home, 0))
                .withMessageContaining("no node runs");
    }

    @Test
    void readsEveryFormOfAnApiInfo() {
        assertThat(ApiInfo.parse("a.b.c:/ip4/10.0.0.1/tcp/1234/http", 1))
                .isEqualTo(new ApiInfo(URI.create("http://10.0.0.1:1234/rpc/v1"), "a.b.c"));
        assertThat(ApiInfo.parse("/ip4/0.0.0.0/tcp/2345/http", 0))
                .isEqualTo(new ApiInfo(URI.create("http://127.0.0.1:2345/rpc/v0"), null));
        assertThat(ApiInfo.parse("/dns/node.example/tcp/443/wss", 1).endpoint())
                .isEqualTo(URI.create("https://node.example:443/rpc/v1"));
        assertThat(ApiInfo.parse("/ip6/::/tcp/1/http", 1).endpoint()).isEqualTo(URI.create("http://[::1]:1/rpc/v1"));
        assertThat(ApiInfo.parse("http://node:1234", 1)).isEqualTo(new ApiInfo(URI.create("http://node:1234/rpc/v1"),
                null));
        assertThat(ApiInfo.parse("a.b.c:ws://node:1234/", 1))
                .isEqualTo(new ApiInfo(URI.create("ws://node:1234/rpc/v1"), "a.b.c"));
        assertThat(ApiInfo.parse("http://node:1234/rpc/v0", 1).endpoint())
                .isEqualTo(URI.create("http://node:1234/rpc/v0"));
    }

    @Test
    void refusesWhatIsNoAddress() {
        for (String wrong : new String[] {"", "nonsense", "/ip4/1.2.3.4", "/unix/tmp/tcp/1", "a.b.c:nonsense"}) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> ApiInfo.parse(wrong, 1));
        }
    }
}
