package io.caravan.node.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.store.Accounts;
import io.caravan.support.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class KnownBrowsersTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final SettableClock clock = SettableClock.at(NOW);
    private final KnownBrowsers browsers = new KnownBrowsers(new byte[32], clock);

    private static Accounts.Account account(String name, String hash) {
        return new Accounts.Account(name, hash, "read", "test", NOW, NOW);
    }

    private boolean knows(String mark, Accounts.Account account) {
        return browsers.read(mark, account.name()).filter(known -> known.isOf(account)).isPresent();
    }

    @Test
    void aMarkIsForOneAccountUnderOnePasswordForNinetyDays() {
        Accounts.Account bob = account("bob", "argon2id$1$1$salt$hash");
        String mark = browsers.mark(bob);
        assertThat(knows(mark, bob)).isTrue();
        assertThat(knows(mark, account("carol", bob.password()))).as("another account").isFalse();
        assertThat(knows(mark, account("bob", "argon2id$1$1$salt$other"))).as("another password").isFalse();
        assertThat(new KnownBrowsers(new byte[] {1}, clock).read(mark, "bob")).as("of another role").isEmpty();
        clock.forward(Duration.ofDays(90).minusSeconds(1));
        assertThat(knows(mark, bob)).isTrue();
        clock.forward(Duration.ofSeconds(1));
        assertThat(knows(mark, bob)).isFalse();
    }

    @Test
    void eachIsAnotherBrowserAndTellsNothingOfThePassword() {
        Accounts.Account bob = account("bob", "argon2id$1$1$salt$hash");
        String one = browsers.mark(bob);
        String two = browsers.mark(bob);
        assertThat(browsers.read(one, "bob").orElseThrow().id()).isNotEqualTo(browsers.read(two, "bob").orElseThrow().id());
        assertThat(one).doesNotContain("salt", "hash", "bob");
    }

    @Test
    void noChangedMarkIsKnown() {
        String mark = browsers.mark(account("bob", "x"));
        for (int i = 0; i < mark.length(); i++) {
            char other = mark.charAt(i) == '7' ? '8' : '7';
            assertThat(browsers.read(mark.substring(0, i) + other + mark.substring(i + 1), "bob")).as("at %d", i).isEmpty();
        }
        assertThat(browsers.read("", "bob")).isEmpty();
        assertThat(browsers.read(mark + "x", "bob")).isEmpty();
        assertThat(browsers.read("9".repeat(5000), "bob")).isEmpty();
    }
}
