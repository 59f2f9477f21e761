package io.caravan.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.libp2p.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final PeerId ONE = TransferWorld.CLIENT;
    private static final PeerId OTHER = TransferWorld.MINER;

    private TransferSettings.Room room = new TransferSettings.Room(1, 1, 0);
    private final List<Long> started = new ArrayList<>();

    private Places places(int active, int perPeer, int waiting) {
        room = new TransferSettings.Room(active, perPeer, waiting);
        return new Places(() -> room);
    }

    private boolean enter(Places places, PeerId peer, long id, long age) {
        return places.enter(channel(peer, id), T0.minusSeconds(age), () -> started.add(id));
    }

    private static ChannelId channel(PeerId peer, long id) {
        return new ChannelId(peer, OTHER, id);
    }

    @Test
    void morePlacesAreGivenToWhoWaitsAndFewerTakeNobodysAway() {
        Places places = places(1, 1, 10);
        assertThat(enter(places, ONE, 1, 30)).isTrue();
        assertThat(enter(places, OTHER, 2, 20)).isTrue();
        assertThat(started).containsExactly(1L);
        room = new TransferSettings.Room(2, 1, 10);
        places.fill();
        assertThat(started).containsExactly(1L, 2L);
        room = new TransferSettings.Room(1, 1, 10);
        places.leave(channel(ONE, 1));
        assertThat(enter(places, ONE, 3, 10)).isTrue();
        assertThat(started).containsExactly(1L, 2L);
        places.leave(channel(OTHER, 2));
        assertThat(started).containsExactly(1L, 2L, 3L);
    }

    @Test
    void startsWhatHasAPlaceAndKeepsTheRestInLine() {
        Places places = places(1, 1, 1);
        assertThat(enter(places, ONE, 1, 0)).isTrue();
        assertThat(enter(places, ONE, 2, 0)).isTrue();
        assertThat(enter(places, ONE, 3, 0)).as("the line is full").isFalse();
        assertThat(enter(places, ONE, 1, 0)).as("has its place").isTrue();
        assertThat(started).containsExactly(1L, 1L);
        assertThat(places.isWaiting(channel(ONE, 2))).isTrue();
        places.leave(channel(ONE, 1));
        places.leave(channel(ONE, 1));
        assertThat(started).containsExactly(1L, 1L, 2L);
    }

    @Test
    void givesTheNextPlaceToTheOldest() {
        Places places = places(1, 1, 9);
        enter(places, ONE, 1, 0);
        enter(places, ONE, 2, 10);
        enter(places, ONE, 3, 30);
        enter(places, ONE, 4, 20);
        for (long id : new long[] {1, 3, 4, 2}) {
            places.leave(channel(ONE, id));
        }
        assertThat(started).containsExactly(1L, 3L, 4L, 2L);
    }

    @Test
    void givesTheNextPlaceToAPeerThatHasNone() {
        Places places = places(2, 2, 9);
        enter(places, ONE, 1, 0);
        enter(places, ONE, 2, 0);
        enter(places, ONE, 3, 99);
        enter(places, OTHER, 4, 1);
        places.leave(channel(ONE, 1));
        assertThat(started).as("younger, but its peer has no transfer that moves").containsExactly(1L, 2L, 4L);
        places.leave(channel(ONE, 2));
        assertThat(started).endsWith(3L);
    }

    @Test
    void keepsAPeerWithinItsShareThoughPlacesAreFree() {
        Places places = places(3, 1, 9);
        enter(places, ONE, 1, 0);
        enter(places, ONE, 2, 0);
        enter(places, OTHER, 3, 0);
        assertThat(started).containsExactly(1L, 3L);
        places.leave(channel(OTHER, 3));
        assertThat(started).containsExactly(1L, 3L);
        places.leave(channel(ONE, 1));
        assertThat(started).containsExactly(1L, 3L, 2L);
    }

    @Test
    void whoLeavesTheLineGetsNoPlace() {
        Places places = places(1, 1, 9);
        enter(places, ONE, 1, 0);
        enter(places, ONE, 2, 0);
        places.leave(channel(ONE, 2));
        places.leave(channel(ONE, 1));
        assertThat(started).containsExactly(1L);
    }
}
