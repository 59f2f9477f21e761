package io.caravan.node.hawtio;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.rpc.Caller;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.Permission;
import io.caravan.support.SettableClock;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenSessionsTest {

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final TokenSessions sessions = new TokenSessions("devnet", token -> {
        if (!token.equals("the token")) {
            throw new IllegalArgumentException("not signed by this node");
        }
        return Set.of(Permission.READ, Permission.ADMIN);
    }, clock);

    private static HttpPage.Request with(String cookie) {
        return new HttpPage.Request("GET", "/hawtio/user", "", cookie.isEmpty() ? Map.of() : Map.of("cookie", "a=b; " + cookie), new byte[0],
                Caller.nobody(InetAddress.getLoopbackAddress(), Permission.ofNobody()));
    }

    private String signedIn() {
        return sessions.signIn(with(""), "kim", " the token\n").cookies().get(0).replaceAll(";.*", "");
    }

    @Test
    void aTokenAsThePasswordSignsInUntilSigningOut() {
        String cookie = signedIn();
        assertThat(sessions.of(with(cookie))).hasValueSatisfying(visitor -> {
            assertThat(visitor.name()).isEqualTo("kim");
            assertThat(visitor.rights()).contains(Permission.ADMIN);
        });
        sessions.signOut(with(cookie));
        assertThat(sessions.of(with(cookie))).isEmpty();
    }

    @Test
    void whatSomebodyCallsHimselfIsOneShortLine() {
        String cookie = sessions.signIn(with(""), "kim\r\n2026-01-01 INFO alice revoked all \u001b[2J\u2028" + "x".repeat(999), "the token").cookies().get(0)
                .replaceAll(";.*", "");
        assertThat(sessions.of(with(cookie))).hasValueSatisfying(visitor ->
                assertThat(visitor.name()).startsWith("kim 2026-01-01 INFO").matches("[ -~]{1,64}"));
        String nameless = sessions.signIn(with(""), "\n\t", "the token").cookies().get(0).replaceAll(";.*", "");
        assertThat(sessions.of(with(nameless))).hasValueSatisfying(visitor -> assertThat(visitor.name()).isEqualTo("somebody"));
    }

    @Test
    void nobodyElseIsKnown() {
        assertThat(sessions.signIn(with(""), "kim", "a guess").status()).isEqualTo(401);
        signedIn();
        assertThat(sessions.of(with(""))).isEmpty();
        assertThat(sessions.of(with("caravan-devnet="))).isEmpty();
        assertThat(sessions.of(with("caravan-devnet=00"))).isEmpty();
    }

    @Test
    void whoDoesNotLookForHalfAnHourIsSignedOut() {
        String cookie = signedIn();
        clock.forward(Duration.ofMinutes(29));
        assertThat(sessions.of(with(cookie))).isPresent();
        clock.forward(Duration.ofMinutes(31));
        assertThat(sessions.of(with(cookie))).isEmpty();
    }

    @Test
    void cookiesStayWithTheirSite() {
        assertThat(sessions.signIn(with(""), "kim", "the token").cookies()).singleElement().asString().contains("HttpOnly").contains("SameSite=Strict");
    }
}
