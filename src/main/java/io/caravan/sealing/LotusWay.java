package io.caravan.sealing;

import io.caravan.model.Flow.Effect;
import io.caravan.model.Flow.Step;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a sector gets from where we last saw it to where its miner says it is, by the events of its flow: whoever looks
 * now and then sees neither every state nor each way back.
 */
final class LotusWay {

    /** The chain alone says that a proven sector is not. */
    private static final Set<SectorEvent> NOT_OURS = EnumSet.of(SectorEvent.REVERTED);

    private LotusWay() {}

    /** The fewest events that lead there, of equal ones those the flow names first; empty when no way does. */
    static Optional<List<SectorEvent>> between(SectorState from, SectorState to) {
        Map<SectorState, List<SectorEvent>> ways = new EnumMap<>(SectorState.class);
        Deque<SectorState> next = new ArrayDeque<>(List.of(from));
        ways.put(from, List.of());
        while (!next.isEmpty() && !ways.containsKey(to)) {
            SectorState at = next.remove();
            for (Step<SectorState, SectorEvent> step : SectorFlow.SECTOR.stepsFrom(at)) {
                if (step.effect() == Effect.ENTER && step.to() != SectorState.UNKNOWN && !NOT_OURS.contains(step.event())
                        && !ways.containsKey(step.to())) {
                    List<SectorEvent> way = new ArrayList<>(ways.get(at));
                    way.add(step.event());
                    ways.put(step.to(), List.copyOf(way));
                    next.add(step.to());
                }
            }
        }
        return Optional.ofNullable(ways.get(to));
    }
}
