package io.caravan.routes;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.DealDuties;
import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.Duty;
import io.caravan.model.EpochBound;
import io.caravan.model.Flow;
import io.caravan.model.Flow.Effect;
import io.caravan.model.Flow.Step;
import io.caravan.model.Role;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who takes each step of a deal's life. A route takes it by firing its event; {@code deal:fail} and a deadline take the
 * one by which the state gives up; the store takes Restart when a node starts. What nobody takes is listed with the
 * reason for which the table has it, and the list may not be longer than the truth.
 */
class FlowCoverageTest {

    /** Ways to give up that every state has and few states use: their own event says more. */
    private static final Set<DealEvent> ANYWHERE = Set.of(DealEvent.NODE_ERRORED, DealEvent.STREAM_CLOSE_ERROR);

    /** Event, the states that do not take it, and why. */
    private static final String CLIENT_UNTAKEN = """
            ReadResponseFailed | FundsReserved | as WriteProposalFailed, the message says more
            ResponseVerificationFailed | FundsReserved | the same
            UnexpectedDealState | FundsReserved | the same
            ResponseDealDidNotMatch | CheckForAcceptance | no answer at all; asked again
            DataTransferComplete | FundsReserved TransferQueued | by Transferring
            DataTransferRestarted | StartDataTransfer TransferQueued | the same
            DataTransferFailed | ClientTransferRestart | fails as DataTransferRestartFailed
            DealActivated | AwaitingPreCommit | the route also fires DealPrecommitted, so that the history has both
            """;

    private static final String PROVIDER_UNTAKEN = """
            SendResponseFailed | AcceptWait WaitingForData | the client asks again and is told what was decided
            VerifiedData | WaitingForData | data brought by hand; offline deals come with their own import
            DataTransferInitiated | ProviderTransferAwaitRestart | the state looks for the restart of its one channel
            DataTransferRestarted | WaitingForData | the state looks for the channel's first bytes
            DataTransferCompleted | ProviderTransferAwaitRestart | goes by Transferring
            DataTransferFailed | ProviderTransferAwaitRestart | fails as AwaitTransferRestartTimeout
            TrackFundsFailed | ReserveProviderFunds | funds are rows; writing them fails as any phase does
            FileStoreErrored | Staged AwaitingPreCommit Sealing Active | a disk that fails is tried again
            MultistoreErrored | Staged | there is no such store
            """;

    /** What these do makes sense at any epoch. */
    private static final Set<DealState> WITHOUT_EPOCH = Set.of(DealState.UNKNOWN, DealState.FINALIZING,
            DealState.REJECTING, DealState.FAILING);

    private record Key(DealState from, DealEvent event) {}

    @ParameterizedTest
    @EnumSource(Role.class)
    void everyStateIsReachedBySomething(Role role) {
        Set<Key> taken = taken(role);
        var reached = new HashSet<DealState>(Set.of(DealState.UNKNOWN));
        boolean grows = true;
        while (grows) {
            grows = DealFlow.of(role).steps().stream().filter(step -> reached.contains(step.from()))
                    .filter(step -> taken.contains(key(step))).map(Step::to).map(reached::add)
                    .reduce(false, Boolean::logicalOr);
        }
        assertThat(reached).containsExactlyInAnyOrderElementsOf(DealFlow.of(role).states());
    }

    /** Steps that lead somewhere and that nothing in this node takes: the reference's subscribers know them. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("untaken")
    void everyOtherStepIsTakenOrListed(Role role, String list) {
        Set<Key> taken = taken(role);
        Map<String, Set<String>> open = DealFlow.of(role).steps().stream().filter(step -> step.effect() == Effect.ENTER)
                .filter(step -> !taken.contains(key(step))).filter(step -> !ANYWHERE.contains(step.event()))
                .collect(groupingBy(step -> step.event().wireName(), mapping(step -> shortly(step.from()), toSet())));
        Map<String, Set<String>> listed = list.lines().map(line -> line.split("\\|"))
                .collect(toMap(cells -> cells[0].strip(), cells -> Set.of(cells[1].strip().split(" "))));
        assertThat(open).isEqualTo(listed);
    }

    static List<Arguments> untaken() {
        return List.of(Arguments.of(Role.CLIENT, CLIENT_UNTAKEN), Arguments.of(Role.PROVIDER, PROVIDER_UNTAKEN));
    }

    private static String shortly(DealState state) {
        return state.wireName().substring("StorageDeal".length());
    }

    /** A live state without an owner, a retry rule or a deadline, or a row that no state needs, fails here. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void everyLiveStateHasAnOwnerARetryRuleAndADeadline(Role role) {
        Map<DealState, Duty> duties = DealDuties.of(role);
        assertThat(duties.keySet()).containsExactlyInAnyOrderElementsOf(
                DealFlow.of(role).states().stream().filter(state -> !state.isFinal()).toList());
        duties.forEach((state, duty) -> {
            assertThat(ownerOf(role, state)).as("the file of %s", state).isEqualTo(duty.owner());
            assertThat(duty.idle()).as("idle time of %s", state).isPositive();
            assertThat(duty.bound() == EpochBound.NONE).as("%s has no last epoch", state)
                    .isEqualTo(WITHOUT_EPOCH.contains(state));
            assertThat(duty.what()).as("what %s waits for", state).matches("[a-z].*[^.]");
            assertThat(DealFlow.of(role).failure(state)).as("how %s gives up", state).isPresent();
        });
    }

    /** A state whose failure edge no test takes fails here: a route's by its phase and by its deadline, or by its own word. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void everyLiveStateHasATestOfItsFailure(Role role) {
        Set<String> tested = RouteOutcomesTest.routesWithAPhase().stream().filter(route -> route.role() == role)
                .map(RouteText::id).collect(toSet());
        tested.addAll(RouteOutcomesTest.WITHOUT_A_PHASE);
        assertThat(tested).containsAll(DealDuties.of(role).keySet().stream().map(DealState::wireName).toList());
    }

    private static String ownerOf(Role role, DealState state) {
        return RouteText.routes().stream()
                .filter(route -> route.isDealState() && route.role() == role && route.id().equals(state.wireName()))
                .map(route -> route.folder() + "/" + route.file().getFileName().toString().replace(".camel.yaml", ""))
                .collect(Collectors.joining(" and "));
    }

    @Test
    void onlyUnknownIsNeverEntered() {
        for (Role role : Role.values()) {
            Flow<DealState, DealEvent> flow = DealFlow.of(role);
            var entered = flow.steps().stream().filter(step -> step.effect() == Effect.ENTER).map(Step::to)
                    .collect(toSet());
            var never = new LinkedHashSet<>(flow.states());
            never.removeAll(entered);
            assertThat(never).containsExactly(DealState.UNKNOWN);
        }
    }

    private static Set<Key> taken(Role role) {
        Flow<DealState, DealEvent> flow = DealFlow.of(role);
        var taken = new HashSet<Key>();
        RouteText.routes().stream().filter(route -> route.isDealState() && route.role() == role).forEach(route ->
                route.sends("deal:fire/").forEach(events -> flow.walk(DealState.ofName(route.id()),
                        RoutesTest.dealEvents(events)).forEach(step -> taken.add(key(step)))));
        flow.states().forEach(state -> {
            flow.failure(state).ifPresent(event -> taken.add(new Key(state, event)));
            taken.add(new Key(state, DealEvent.RESTART));
            taken.add(new Key(state, DealEvent.DEAL_REJECTED)); // a RejectedException, where the state knows it
            taken.add(new Key(state, DealEvent.DATA_TRANSFER_CANCELLED)); // a FatalException that names it
        });
        return taken;
    }

    private static Key key(Step<DealState, DealEvent> step) {
        return new Key(step.from(), step.event());
    }
}
