package io.caravan.support;

import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorState;
import io.caravan.support.KillPoint.Moment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which kills there are. They come from the life cycles, so that a new state has its kills without anybody thinking of it;
 * what cannot be met is in {@link #NEVER}, with its reason.
 */
public final class KillMatrix {

    /** Whose states there are. */
    public static final List<String> TOPICS = List.of("client", "provider", "sector");

    /** States without a kill of their own, and why. */
    public static final Map<String, String> NEVER = never();

    /** A held move keeps a connection of its role's pool, and a silent chain keeps threads: not more are met at once. */
    private static final int WORKING = 7;
    /** Nothing of the process is held by those that only lie there. */
    private static final int LYING = 14;

    /** States that only a restart in Transferring leads to. */
    private static final Set<String> BY_RESTART = Set.of(DealState.PROVIDER_TRANSFER_AWAIT_RESTART.wireName(),
            DealState.CLIENT_TRANSFER_RESTART.wireName());
    /** Left half a year of epochs later, or when the sector is terminated. */
    private static final Set<String> LAST = Set.of(DealState.ACTIVE.wireName(), SectorState.PROVING.wireName());

    private KillMatrix() {}

    /** One kill: whom, and where the deals are. */
    public record Kill(String victim, List<KillPoint> points) {
        @Override
        public String toString() {
            return victim + " at " + points.stream().map(KillPoint::toString).collect(Collectors.joining(", "));
        }
    }

    private static Map<String, String> never() {
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put(DealState.UNKNOWN.wireName(), "no row is committed in it: a deal is opened in the transaction that writes it");
        reasons.put(SectorState.UNKNOWN.wireName(), "a sector is opened in the transaction that writes it, and has nothing to do once it ended");
        for (DealState end : List.of(DealState.EXPIRED, DealState.SLASHED, DealState.ERROR)) {
            reasons.put(end.wireName(), "an end has no entry action: Failing and Active are killed while they leave for it");
        }
        return reasons;
    }

    /** Every state of a life cycle, in its order. */
    public static List<String> states(String topic) {
        return switch (topic) {
            case "client" -> DealFlow.CLIENT.states().stream().map(DealState::wireName).toList();
            case "provider" -> DealFlow.PROVIDER.states().stream().map(DealState::wireName).toList();
            default -> SectorFlow.SECTOR.states().stream().map(SectorState::wireName).toList();
        };
    }

    /** The points of a topic at a moment that others neither end nor lead to, so that they can be met together. */
    private static List<KillPoint> stable(String topic, Moment moment) {
        return states(topic).stream().filter(state -> !NEVER.containsKey(state) && !BY_RESTART.contains(state))
                .filter(state -> moment != Moment.LEAVING || !LAST.contains(state))
                .map(state -> new KillPoint(topic, state, moment))
                .filter(point -> !point.isEndedByOthers() || moment == Moment.LEAVING).toList();
    }

    private static List<Kill> kills(String victim, List<KillPoint> points) {
        int most = points.stream().allMatch(KillPoint::isLying) ? LYING : WORKING;
        List<Kill> kills = new ArrayList<>();
        for (int from = 0; from < points.size(); from += most) {
            kills.add(new Kill(victim, points.subList(from, Math.min(from + most, points.size()))));
        }
        return kills;
    }

    private static List<KillPoint> points(String topic, Moment moment, String... states) {
        return Stream.of(states).map(state -> new KillPoint(topic, state, moment)).toList();
    }

    private static List<KillPoint> points(String topic, Moment moment, DealState... states) {
        return points(topic, moment, Stream.of(states).map(DealState::wireName).toArray(String[]::new));
    }

    /** The worst moments of the riskiest states: money, publishing, the hand-off, sealing, and the same for the client. */
    public static List<Kill> slice() {
        List<KillPoint> miner = new ArrayList<>(points("provider", Moment.LEAVING, DealState.ACCEPT_WAIT, DealState.RESERVE_PROVIDER_FUNDS,
                DealState.PUBLISH, DealState.PUBLISHING));
        miner.addAll(points("sector", Moment.LEAVING, SectorState.PRE_COMMIT_PHASE_2.wireName(), SectorState.COMMIT_PHASE_2.wireName(),
                SectorState.FINALIZE.wireName()));
        return List.of(new Kill("miner", miner),
                new Kill("daemon", points("client", Moment.LEAVING, DealState.RESERVE_CLIENT_FUNDS, DealState.FUNDS_RESERVED,
                        DealState.START_DATA_TRANSFER, DealState.CHECK_FOR_ACCEPTANCE, DealState.PROPOSAL_ACCEPTED, DealState.FAILING)),
                new Kill("devnet", points("provider", Moment.COMMITTED, DealState.VALIDATING, DealState.PUBLISH, DealState.PUBLISHING)));
    }

    /** Everything that can be met together: every topic at every moment with its keeper as the victim, then devnet and the one JVM. */
    public static List<Kill> together() {
        List<Kill> kills = new ArrayList<>();
        for (Moment moment : Moment.values()) {
            TOPICS.forEach(topic -> kills.addAll(kills(KillPoint.keeper(topic), stable(topic, moment))));
        }
        for (String topic : TOPICS) {
            kills.addAll(kills("devnet", stable(topic, Moment.COMMITTED)));
            kills.addAll(kills("up", stable(topic, Moment.LEAVING)));
        }
        kills.addAll(kills("up", stable("sector", Moment.COMMITTED)));
        kills.addAll(kills("up", stable("sector", Moment.BEFORE)));
        return kills;
    }

    /** A claim in a state that others end, held so that they cannot. */
    public static List<Kill> claims() {
        return endedByOthers(Moment.BEFORE).map(point -> new Kill(point.keeper(), List.of(point))).toList();
    }

    /** States that others end, as soon as they are entered; either side of the stream is killed. */
    public static List<Kill> alone() {
        List<Kill> kills = new ArrayList<>();
        endedByOthers(Moment.COMMITTED).forEach(point -> List.of("daemon", "miner").forEach(victim -> kills.add(new Kill(victim, List.of(point)))));
        endedByOthers(Moment.DURING).forEach(point -> kills.add(new Kill(point.keeper(), List.of(point))));
        return kills;
    }

    private static Stream<KillPoint> endedByOthers(Moment moment) {
        return TOPICS.stream().flatMap(topic -> states(topic).stream().map(state -> new KillPoint(topic, state, moment)))
                .filter(KillPoint::isEndedByOthers);
    }

    /** States that a kill in Transferring leads to, killed once more. */
    public static List<Kill> byRestart() {
        return Stream.of(Moment.values()).flatMap(moment -> TOPICS.stream().flatMap(topic -> states(topic).stream().filter(BY_RESTART::contains)
                .map(state -> new Kill(KillPoint.keeper(topic), List.of(new KillPoint(topic, state, moment)))))).toList();
    }

    /** The way from Active and Proving to their end. */
    public static List<Kill> ends() {
        return List.of(new Kill("daemon", points("client", Moment.LEAVING, DealState.ACTIVE)),
                new Kill("miner", points("provider", Moment.LEAVING, DealState.ACTIVE)),
                new Kill("miner", points("sector", Moment.LEAVING, SectorState.PROVING.wireName())));
    }

    /** All of them. */
    public static List<Kill> all() {
        return Stream.of(together(), claims(), alone(), byRestart(), ends()).flatMap(List::stream).toList();
    }
}
