package io.caravan.deal;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.libp2p.PeerId;
import io.caravan.market.ChannelId;
import io.caravan.market.Transfer;
import io.caravan.market.TransferStatus;
import io.caravan.model.Deal;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.store.PostgresDealStore;
import io.caravan.support.DealFixture;
import io.caravan.support.MapJournal;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When an operator may cancel or restart a transfer, and what is left when he may not. */
class TransferControlTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Map<Role, Set<DealState>> OPEN = Map.of(
            Role.CLIENT, EnumSet.of(DealState.START_DATA_TRANSFER, DealState.TRANSFER_QUEUED, DealState.TRANSFERRING,
                    DealState.CLIENT_TRANSFER_RESTART),
            Role.PROVIDER, EnumSet.of(DealState.WAITING_FOR_DATA, DealState.TRANSFERRING,
                    DealState.PROVIDER_TRANSFER_AWAIT_RESTART));

    private final PostgresDealStore deals = POSTGRES.deals(SettableClock.at(DealFixture.NOW), "one");
    private final MapJournal journal = new MapJournal();
    private final List<ChannelId> cancelled = new ArrayList<>();
    private final List<ChannelId> restarted = new ArrayList<>();

    static Stream<Arguments> states() {
        return Arrays.stream(Role.values()).flatMap(role -> DealFlow.of(role).states().stream()
                .map(state -> Arguments.of(role, state)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("states")
    void cancelsAndRestartsOnlyWhileDataMovesOrIsAwaited(Role role, DealState state) {
        Deal deal = deals.insert(aDeal("state " + role + state).as(role).in(state).build()).deal();
        Transfer transfer = journal.say(role, deal.proposalCid(), TransferStatus.ONGOING, DealFixture.NOW, null);
        if (OPEN.get(role).contains(state)) {
            control(role).restart(transfer.channel());
            assertThat(restarted).containsExactly(transfer.channel());
            assertThat(deals.find(deal.proposalCid(), role)).contains(deal);
            control(role).cancel(transfer.channel());
            Deal failing = deals.find(deal.proposalCid(), role).orElseThrow();
            assertThat(failing.state()).isEqualTo(DealState.FAILING);
            assertThat(failing.message()).isEqualTo("data transfer cancelled");
            assertThat(cancelled).containsExactly(transfer.channel());
        } else {
            refusesAsComplete(role, transfer, deal);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sides")
    void aTransferWithAllItsDataIsCompleteThoughItsDealHasNotSeenIt(Role role) {
        Deal deal = deals.insert(aDeal("complete " + role).as(role).in(DealState.TRANSFERRING).build()).deal();
        refusesAsComplete(role, journal.say(role, deal.proposalCid(), TransferStatus.COMPLETED, DealFixture.NOW, null), deal);
    }

    @Test
    void aClientsTransferIsCompleteOnceTheMinerSaysSo() {
        Deal deal = deals.insert(aDeal("told").as(Role.CLIENT).in(DealState.TRANSFERRING).build()
                .withRemote(new Deal.Remote(DealState.PUBLISH, "", DealFixture.NOW, null, 1, 0))).deal();
        refusesAsComplete(Role.CLIENT, journal.say(Role.CLIENT, deal.proposalCid(), TransferStatus.SENT, DealFixture.NOW, null),
                deal);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sides")
    void saysWhenThereIsNoSuchTransfer(Role role) {
        PeerId peer = PeerId.parse(DealFixture.MINER_PEER);
        assertThatThrownBy(() -> control(role).cancel(new ChannelId(peer, peer, 99)))
                .isInstanceOf(DealRefusedException.class).hasMessageStartingWith("T01 no-such-transfer: ");
    }

    static Role[] sides() {
        return Role.values();
    }

    private void refusesAsComplete(Role role, Transfer transfer, Deal deal) {
        for (Runnable act : List.<Runnable>of(() -> control(role).cancel(transfer.channel()),
                () -> control(role).restart(transfer.channel()))) {
            assertThatThrownBy(act::run).isInstanceOf(DealRefusedException.class)
                    .hasMessageStartingWith("T02 transfer-already-complete: deal " + deal.proposalCid());
        }
        assertThat(deals.find(deal.proposalCid(), role)).contains(deal);
        assertThat(cancelled).isEmpty();
        assertThat(restarted).isEmpty();
    }

    private TransferControl control(Role role) {
        return new TransferControl(role, deals, journal, channel -> noted(role, channel, cancelled),
                channel -> noted(role, channel, restarted));
    }

    private Transfer noted(Role role, ChannelId channel, List<ChannelId> calls) {
        calls.add(channel);
        return journal.find(role, channel).orElseThrow();
    }
}
