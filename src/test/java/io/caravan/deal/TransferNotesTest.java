package io.caravan.deal;

import static io.caravan.support.DealFixture.NOW;
import static io.caravan.support.DealFixture.deal;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.market.Transfer;
import io.caravan.market.TransferStatus;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.support.MapJournal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What of a transfer becomes history of its deal. */
class TransferNotesTest {

    private final MapJournal journal = new MapJournal();
    private final List<DealEvent> fired = new ArrayList<>();
    private final TransferNotes notes = new TransferNotes((deal, event) -> {
        fired.add(event);
        return deal;
    });

    private Transfer now(Deal deal, TransferStatus status) {
        return journal.say(deal.role(), deal.proposalCid(), status, NOW, null);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aStallIsNotedOnceAndItsEndOnce(Role role) {
        Deal deal = notes.note(deal(role, DealState.TRANSFERRING), now(deal(role, DealState.TRANSFERRING), TransferStatus.ONGOING));
        assertThat(fired).isEmpty();
        Deal stalled = notes.note(deal, now(deal, TransferStatus.STALLED));
        stalled = notes.note(stalled, now(deal, TransferStatus.STALLED));
        assertThat(stalled.message()).startsWith("the data transfer has stalled");
        Deal asked = notes.note(stalled, now(deal, TransferStatus.REQUESTED));
        assertThat(asked.message()).as("who asks again does not move yet").startsWith("the data transfer has stalled");
        Deal moving = notes.note(asked, now(deal, TransferStatus.ONGOING));
        notes.note(moving, now(deal, TransferStatus.ONGOING));
        assertThat(moving.message()).isNull();
        assertThat(fired).containsExactly(DealEvent.DATA_TRANSFER_STALLED, DealEvent.DATA_TRANSFER_RESTARTED);
    }

    @Test
    void anotherChannelTakesTheFirstOnesPlaceInTheDeal() {
        Deal deal = deal(Role.PROVIDER, DealState.TRANSFERRING).withTransfer(new Deal.Transfer(3L, "an-earlier-3"));
        Transfer second = now(deal, TransferStatus.ONGOING);
        Deal noted = notes.note(deal, second);
        assertThat(noted.transfer().id()).isEqualTo(second.channel().id());
        assertThat(fired).containsExactly(DealEvent.DATA_TRANSFER_INITIATED);
    }

    @Test
    void firesNothingThatWouldMoveTheDeal() {
        Deal queued = deal(Role.CLIENT, DealState.TRANSFER_QUEUED);
        Deal stalled = notes.note(queued, now(queued, TransferStatus.STALLED));
        notes.note(stalled, now(queued, TransferStatus.QUEUED));
        assertThat(fired).as("DataTransferRestarted would lead on to Transferring").containsExactly(DealEvent.DATA_TRANSFER_STALLED);
    }
}
