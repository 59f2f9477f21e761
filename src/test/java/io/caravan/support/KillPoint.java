package io.caravan.support;

import io.caravan.model.DealState;
import java.util.Locale;
import java.util.Set;

/**
 * Where a deal or sector is when its process is killed.
 *
 * @param topic whose state it is: client, provider or sector
 * @param state the state's name
 */
public record KillPoint(String topic, String state, Moment moment) {

    /** Where in a state. */
    public enum Moment {
        /** The move into the state is committed, nobody has claimed it yet. */
        COMMITTED,
        /** Its route has claimed it and has done nothing yet. */
        BEFORE,
        /** Its entry action runs. */
        DURING,
        /** Everything the entry action does is done, and the move out of the state is about to be committed. */
        LEAVING
    }

    /** States that streams and transfers end whenever they like. */
    private static final Set<String> OTHERS_END = Set.of(DealState.WAITING_FOR_DATA.wireName(), DealState.TRANSFERRING.wireName(),
            DealState.TRANSFER_QUEUED.wireName());

    /** Whether others end the state, so that nobody can be kept in it: the moment has to be met as it comes. */
    public boolean isEndedByOthers() {
        return OTHERS_END.contains(state);
    }

    /** Whether nothing of the process is held at the moment: its row is only found so. */
    public boolean isLying() {
        return moment == Moment.COMMITTED || moment == Moment.BEFORE;
    }

    /** Who keeps the state that is watched. */
    public String keeper() {
        return keeper(topic);
    }

    /** Who keeps the states of a topic. */
    public static String keeper(String topic) {
        return topic.equals("client") ? "daemon" : "miner";
    }

    @Override
    public String toString() {
        return "%s %s %s".formatted(topic, state.replace("StorageDeal", ""), moment.name().toLowerCase(Locale.ROOT));
    }
}
