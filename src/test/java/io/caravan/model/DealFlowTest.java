package io.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.Flow.Effect;
import io.caravan.model.Flow.Step;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The tables against spec deal-lifecycle 4.1 and 5.1, written out by code: {@code event>11} enters, {@code event=}
 * runs the entry action again, {@code event.} only records. Rows in which Caravan differs stand apart, with the
 * section.
 */
class DealFlowTest {

    private static final String PROVIDER = """
            0: Open>14
            14: DealDeciding>15 DealRejected>10
            15: DataRequested>18 DealRejected>10 SendResponseFailed>11
            18: DataTransferInitiated>17 DataTransferRestarted>17 DataTransferCancelled>11 VerifiedData>20
            17: DataTransferCompleted>19 DataTransferFailed>11 DataTransferCancelled>11 DataTransferRestarted. \
            DataTransferStalled. Restart>27
            27: DataTransferInitiated>17 DataTransferRestarted>17 DataTransferCompleted>19 DataTransferFailed>11 \
            DataTransferCancelled>11 DataTransferStalled. AwaitTransferRestartTimeout>11
            19: VerifiedData>20 DataVerificationFailed>11 DealRejected>10
            20: FundsReserved. FundingInitiated>22 Funded>24 TrackFundsFailed>11
            22: Funded>24
            24: DealPublishInitiated>25
            25: DealPublished>4 DealPublishError>11 FundsReleased.
            4: DealHandedOff>29 DealHandoffFailed>11 FileStoreErrored>11 MultistoreErrored>11 PieceStoreErrored.
            29: DealPrecommitted>5 DealActivated>6 DealPrecommitFailed>11 FileStoreErrored>11
            5: DealActivated>6 DealActivationFailed>11 FileStoreErrored>11
            6: Finalized>7
            7: DealExpired>8 DealSlashed>9 DealCompletionFailed>26 FileStoreErrored>11
            10: RejectionSent>11 SendResponseFailed>11
            11: Failed>26 FundsReleased.
            any: NodeErrored>11 AwaitTransferRestartTimeout. Restart=
            """;

    /**
     * 10.1: 18 is stored before the answer; 10.5: a reorganisation takes an activation back; 13: 10 cleans up, 18 has a time
     * limit, 7 is woken by what concerns it; 14 D15: a second channel.
     */
    private static final String PROVIDER_OURS = """
            7: Reverted>5 Restart.
            4: PublishReverted.
            29: PublishReverted.
            5: PublishReverted.
            10: Restart>11
            17: DataTransferInitiated.
            18: SendResponseFailed>11 DataTransferFailed>11
            """;

    private static final String CLIENT = """
            0: Open>21
            21: FundsReserved. FundingComplete>12 FundingInitiated>23 ReserveFundsFailed>11
            23: FundingComplete>12 ReserveFundsFailed>11
            12: InitiateDataTransfer>16 WriteProposalFailed>26 ReadResponseFailed>11 ResponseVerificationFailed>11 \
            UnexpectedDealState>11
            16: DataTransferQueued>30 DataTransferRestarted>17 DataTransferComplete>13 DataTransferFailed>11 \
            DataTransferCancelled>11
            30: DataTransferInitiated>17 DataTransferRestarted>17 DataTransferComplete>13 DataTransferFailed>11 \
            DataTransferStalled>11 DataTransferCancelled>11
            17: DataTransferComplete>13 DataTransferRestarted. DataTransferFailed>11 DataTransferStalled>11 \
            DataTransferCancelled>11 Restart>28
            28: DataTransferRestarted>17 DataTransferRestartFailed>11 DataTransferCancelled>11
            13: WaitForDealState= DealRejected>11 DealAccepted>3 ResponseDealDidNotMatch>11
            3: DealPublished>29 FundsReleased. DealPublishFailed>26
            29: DealPrecommitted>5 DealActivated>7 DealPrecommitFailed>26
            5: DealActivated>7 DealActivationFailed>26
            7: DealExpired>8 DealSlashed>9 DealCompletionFailed>26
            11: Failed>26 FundsReleased.
            any: StreamCloseError>26 Restart=
            """;

    /**
     * 6.1, 14 D5: failures release funds in 11 first; D4: a stall is recorded; 10.5: a reorganisation takes an activation
     * back; 13, D7: resends and restarts go on, 7 is woken by what concerns it.
     */
    private static final String CLIENT_OURS = """
            7: Reverted>5 Restart.
            12: WriteProposalFailed>11 DataTransferComplete>13
            3: DealPublishFailed>11
            29: DealPrecommitFailed>11 PublishReverted.
            5: DealActivationFailed>11 PublishReverted.
            30: DataTransferStalled. Restart>28
            17: DataTransferStalled.
            28: DataTransferComplete>13 DataTransferFailed>11
            any: StreamCloseError>11
            """;

    @Test
    void knowsTheProvidersTableRowByRow() {
        assertThat(rows(DealFlow.PROVIDER)).isEqualTo(expected(PROVIDER, PROVIDER_OURS));
    }

    @Test
    void knowsTheClientsTableRowByRow() {
        assertThat(rows(DealFlow.CLIENT)).isEqualTo(expected(CLIENT, CLIENT_OURS));
    }

    private static Map<String, String> rows(Flow<DealState, DealEvent> flow) {
        var rows = new TreeMap<String, String>();
        for (Step<DealState, DealEvent> step : flow.steps()) {
            String target = step.effect() == Effect.ENTER ? ">" + step.to().code() : step.effect() == Effect.RERUN
                    ? "=" : ".";
            if (step.effect() != Effect.ENTER) {
                assertThat(step.to()).isEqualTo(step.from());
            }
            rows.put(step.from().code() + " " + step.event(), target);
        }
        return rows;
    }

    private static Map<String, String> expected(String theirs, String ours) {
        var rows = new TreeMap<String, String>();
        Map<String, String> any = new LinkedHashMap<>();
        for (String line : (theirs + ours).strip().split("\n")) {
            String state = line.substring(0, line.indexOf(':'));
            for (String cell : line.substring(line.indexOf(':') + 1).strip().split("\\s+")) {
                int at = cell.indexOf('>') > 0 ? cell.indexOf('>') : cell.length() - 1;
                (state.equals("any") ? any : rows).put((state.equals("any") ? "" : state + " ") + cell.substring(0, at),
                        cell.substring(at));
            }
        }
        Set<String> states = rows.keySet().stream().map(key -> key.split(" ")[0]).collect(Collectors.toSet());
        for (String state : states) {
            any.forEach((event, target) -> rows.putIfAbsent(state + " " + event, target));
        }
        return rows;
    }

    @Test
    void everyFailureThatHoldsSomethingPassesFailing() {
        for (Flow<DealState, DealEvent> flow : List.of(DealFlow.CLIENT, DealFlow.PROVIDER)) {
            assertThat(flow.steps().stream().filter(step -> step.to() == DealState.ERROR).map(Step::from).toList())
                    .containsExactlyInAnyOrder(DealState.FAILING, DealState.ACTIVE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyStateOfASideCanBeReachedAndGivenUp(Role role) {
        Flow<DealState, DealEvent> flow = DealFlow.of(role);
        Set<DealState> reached = EnumSet.of(DealState.UNKNOWN);
        boolean grew = true;
        while (grew) {
            grew = reached.addAll(flow.steps().stream().filter(step -> reached.contains(step.from())).map(Step::to)
                    .toList());
        }
        for (DealState state : DealState.values()) {
            boolean lives = state.kind(role) != Kind.REPLY;
            assertThat(reached.contains(state)).as("%s is entered by a %s", state, role).isEqualTo(lives);
            assertThat(flow.failure(state).isPresent()).as("%s gives up", state).isEqualTo(lives && !state.isFinal());
        }
    }

    @Test
    void numbersStatesAndEventsAsTheNetworkDoes() {
        assertThat(Arrays.stream(DealState.values()).map(DealState::code)).doesNotHaveDuplicates().hasSize(31);
        for (int code = 0; code <= 30; code++) {
            DealState state = DealState.ofCode(code);
            assertThat(DealState.ofName(state.wireName())).isEqualTo(state);
            assertThat(state.wireName()).startsWith("StorageDeal");
        }
        assertThat(DealState.ofCode(27)).isEqualTo(DealState.PROVIDER_TRANSFER_AWAIT_RESTART);
        assertThat(DealState.ofCode(28)).isEqualTo(DealState.CLIENT_TRANSFER_RESTART);
        assertThatThrownBy(() -> DealState.ofCode(31)).hasMessageContaining("31");
        assertThatThrownBy(() -> DealState.ofCode(1L << 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DealState.ofName("Active")).hasMessageContaining("'Active'");
        assertThat(codes(Role.CLIENT)).hasSize(35).containsOnlyOnceElementsOf(range(35));
        assertThat(codes(Role.PROVIDER)).hasSize(43).containsOnlyOnceElementsOf(range(43));
        assertThat(DealEvent.DEAL_PUBLISHED.code(Role.CLIENT)).hasValue(22);
        assertThat(DealEvent.DEAL_PUBLISHED.code(Role.PROVIDER)).hasValue(21);
    }

    private static List<Integer> codes(Role role) {
        return Arrays.stream(DealEvent.values()).map(event -> event.code(role)).filter(java.util.OptionalInt::isPresent)
                .map(java.util.OptionalInt::getAsInt).toList();
    }

    private static List<Integer> range(int end) {
        return java.util.stream.IntStream.range(0, end).boxed().toList();
    }

    @Test
    void walksTheHappyTraces() {
        assertThat(trace(DealFlow.CLIENT, "Open FundsReserved FundingInitiated FundingComplete InitiateDataTransfer"
                + " DataTransferQueued DataTransferInitiated DataTransferComplete WaitForDealState DealAccepted FundsReleased"
                + " DealPublished DealPrecommitted DealActivated DealExpired"))
                .isEqualTo("21 21 23 12 16 30 17 13 13 3 3 29 5 7 8");
        assertThat(trace(DealFlow.PROVIDER,
                "Open DealDeciding DataRequested DataTransferInitiated DataTransferCompleted"
                + " VerifiedData FundsReserved FundingInitiated Funded DealPublishInitiated FundsReleased DealPublished"
                + " DealHandedOff DealPrecommitted DealActivated Finalized DealSlashed"))
                .isEqualTo("14 15 18 17 19 20 20 22 24 25 25 4 29 5 6 7 9");
        assertThat(trace(DealFlow.PROVIDER, "Open DealRejected RejectionSent FundsReleased Failed"))
                .isEqualTo("14 10 11 11 26");
    }

    private static String trace(Flow<DealState, DealEvent> flow, String events) {
        List<DealEvent> fired = Arrays.stream(events.split(" ")).map(DealEvent::ofName).toList();
        return flow.walk(DealState.UNKNOWN, fired).stream().map(step -> String.valueOf(step.to().code()))
                .collect(Collectors.joining(" "));
    }

    @Test
    void refusesATableThatContradictsItself() {
        var twice = new Flow.Builder<DealState, DealEvent>("x", Set.of(DealState.ERROR)).in(DealState.STAGED)
                .on(DealEvent.FAILED, DealState.ERROR);
        assertThatThrownBy(() -> twice.record(DealEvent.FAILED)).hasMessageContaining("already reacts");
        assertThatThrownBy(() -> twice.in(DealState.ERROR)).hasMessageContaining("end state");
        assertThatThrownBy(twice::build).hasMessageContaining("cannot give up");
        assertThatThrownBy(() -> new Flow.Builder<DealState, DealEvent>("x", Set.of()).in(DealState.STAGED)
                .failsBy(DealEvent.FAILED).on(DealEvent.FAILED, DealState.ERROR).build())
                        .hasMessageContaining("never leaves");
    }

    @Test
    void aSectorGoesThroughTheEightStates() {
        List<SectorEvent> way = List.of(SectorEvent.OPEN, SectorEvent.PIECE_ADDED, SectorEvent.PACKED,
                SectorEvent.TICKET_TAKEN,
                SectorEvent.PRE_COMMIT_1_DONE, SectorEvent.PRE_COMMIT_2_DONE, SectorEvent.PRE_COMMIT_SENT,
                SectorEvent.PRE_COMMIT_LANDED, SectorEvent.SEED_READY, SectorEvent.COMMIT_1_DONE,
                        SectorEvent.COMMIT_2_DONE,
                SectorEvent.PROVE_SENT, SectorEvent.PROVE_LANDED, SectorEvent.FINALIZED, SectorEvent.EXPIRED);
        assertThat(SectorFlow.SECTOR.walk(SectorState.UNKNOWN, way)).extracting(Step::to).containsSubsequence(
                SectorState.PRE_COMMIT_PHASE_1, SectorState.PRE_COMMIT_PHASE_2, SectorState.WAIT_SEED,
                SectorState.COMMIT_PHASE_1, SectorState.COMMIT_PHASE_2, SectorState.FINALIZE, SectorState.PROVING,
                SectorState.UNKNOWN);
        assertThat(SectorFlow.SECTOR.states()).containsExactlyInAnyOrder(SectorState.values());
    }
}
