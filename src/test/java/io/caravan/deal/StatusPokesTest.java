package io.caravan.deal;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.PeerId;
import io.caravan.market.StatusPoke;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.store.PostgresDealStore;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatusPokesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(START);
    private final PeerId miner = PeerId.of(PrivKey.generate(new SecureRandom()).publicKey());
    private final PeerId stranger = PeerId.of(PrivKey.generate(new SecureRandom()).publicKey());
    private PostgresDealStore deals;
    private StatusPokes pokes;
    private Deal deal;

    @BeforeEach
    void aDealThatIsLookedAtInAnHour() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        deals = POSTGRES.deals(clock, "one");
        pokes = new StatusPokes(deals, clock);
        deal = deals.insert(aDeal("a").as(Role.CLIENT).in(DealState.CHECK_FOR_ACCEPTANCE).build().withPeer(miner.toString())).deal();
        putOff();
    }

    private void putOff() {
        Deal held = deals.claim(Role.CLIENT, DealState.CHECK_FOR_ACCEPTANCE, 1, Duration.ofMinutes(1)).get(0);
        deals.postpone(held, Duration.ofHours(1));
    }

    private boolean isDue() {
        return deals.due(Role.CLIENT).contains(DealState.CHECK_FOR_ACCEPTANCE);
    }

    @Test
    void aPokeOfTheDealsMinerWakesIt() {
        pokes.take(miner, new StatusPoke(deal.proposalCid(), 5));
        assertThat(isDue()).isTrue();
        assertThat(pokes.isSince(deal.proposalCid(), START)).isTrue();
    }

    @Test
    void aStrangersPokesDoNothing() {
        for (int i = 0; i < 100; i++) {
            pokes.take(stranger, new StatusPoke(deal.proposalCid(), i));
        }
        assertThat(isDue()).isFalse();
        assertThat(pokes.isSince(deal.proposalCid(), START)).isFalse();
    }

    @Test
    void aDealIsWokenOnceASecondAndAPokeBetweenIsRemembered() {
        pokes.take(miner, new StatusPoke(deal.proposalCid(), 1));
        putOff();
        clock.forward(Duration.ofMillis(500));
        pokes.take(miner, new StatusPoke(deal.proposalCid(), 2));
        assertThat(isDue()).isFalse();
        assertThat(pokes.isSince(deal.proposalCid(), START.plusMillis(400))).isTrue();
        clock.forward(Duration.ofMillis(500));
        pokes.take(miner, new StatusPoke(deal.proposalCid(), 3));
        assertThat(isDue()).isTrue();
    }

    @Test
    void ofAPeerWhoSendsManyOnlyAFewASecondAreLookedAt() {
        for (int i = 0; i < 20; i++) {
            pokes.take(miner, new StatusPoke(aDeal("other" + i).build().proposalCid(), 1));
        }
        pokes.take(miner, new StatusPoke(deal.proposalCid(), 1));
        assertThat(isDue()).isFalse();
        clock.forward(Duration.ofSeconds(1));
        pokes.take(miner, new StatusPoke(deal.proposalCid(), 1));
        assertThat(isDue()).isTrue();
    }
}
