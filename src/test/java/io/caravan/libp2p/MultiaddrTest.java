package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiaddrTest {

    static java.util.stream.Stream<String> vectors() {
        return Vectors.lines("multiaddr.txt").stream();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void textAndBytesAreTheSameAddress(String vector) {
        String text = vector.split(" ")[0];
        byte[] bytes = HexFormat.of().parseHex(vector.split(" ")[1]);
        assertThat(Multiaddr.parse(text).toBytes()).isEqualTo(bytes);
        assertThat(Multiaddr.ofBytes(bytes)).hasToString(text).isEqualTo(Multiaddr.parse(text));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void cutAnywhereItIsRefusedOrShorter(String vector) {
        byte[] bytes = HexFormat.of().parseHex(vector.split(" ")[1]);
        for (int cut = 0; cut < bytes.length; cut++) {
            byte[] part = Arrays.copyOf(bytes, cut);
            try {
                assertThat(Multiaddr.ofBytes(part).toBytes()).isEqualTo(part);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4", "/ip4/::1", "/ip4/fdps", "/ip6", "/udp/65536", "/tcp/65536", "/tcp/-1", "/tcp/x",
            "/quic/65536",
        "/ip4/127.0.0.1/p2p", "/ip4/127.0.0.1/p2p/tcp", "/unix", "/ip6zone//ip6/fe80::1", "/udp/1234/udt/1234",
                "/ip4/::/ipcidr/256", "/",
        "", "ip4/1.2.3.4", "/tcp/00000080", "/ip6/fe80::1%eth0/tcp/1", "/onion3/abc:80"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> Multiaddr.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no multiaddr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "04", "047f0000", "ff01", "ffff01", "0601", "35ff01aa", "a50301", "900301610601bb",
            "a503ffffffff07"})
    void refusesBytesThatAreNoAddress(String hex) {
        assertThatThrownBy(() -> Multiaddr.ofBytes(HexFormat.of().parseHex(hex)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesSeveralSpellings() {
        assertThat(Multiaddr.parse("/ip4/1.2.3.4/tcp/80/")).hasToString("/ip4/1.2.3.4/tcp/80");
        assertThat(Multiaddr.parse("/udp/0")).hasToString("/udp/0");
        assertThat(Multiaddr.parse("/ip4/1.2.3.4/tcp/80/unix/a/b")).hasToString("/ip4/1.2.3.4/tcp/80/unix/a/b");
        assertThat(Multiaddr.parse("/ip6/::ffff:1.2.3.4/tcp/80")).hasToString("/ip6/::ffff:1.2.3.4/tcp/80");
        assertThat(Multiaddr.parse("/ip6/2001:DB8:0:0:0:0:0:1/tcp/1")).hasToString("/ip6/2001:db8::1/tcp/1");
        assertThat(Multiaddr.parse("/ipfs/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"))
                .hasToString("/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N")
                .isEqualTo(Multiaddr.parse("/p2p/bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe"));
    }

    @Test
    void putsAPeerAtItsEndAndTakesItAway() {
        Multiaddr place = Multiaddr.parse("/ip4/1.2.3.4/tcp/80");
        Multiaddr both = place.withPeer(Keys.peer(1));
        assertThat(both.peer()).contains(Keys.peer(1));
        assertThat(both.withPeer(Keys.peer(2)).peer()).contains(Keys.peer(2));
        assertThat(both.withoutPeer()).isEqualTo(place);
        assertThat(place.withoutPeer()).isSameAs(place);
        assertThat(both.value("tcp")).contains("80");
        assertThatThrownBy(() -> Multiaddr.parse("/p2p/" + Keys.peer(1)).withoutPeer())
                .hasMessageContaining("no place");
    }

    @Test
    void survivesRandomBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            try {
                assertThat(Multiaddr.ofBytes(bytes).toBytes()).as("seed %d", seed).isEqualTo(bytes);
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotNull();
            }
        }
    }
}
