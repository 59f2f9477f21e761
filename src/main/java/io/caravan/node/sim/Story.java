package io.caravan.node.sim;

import io.caravan.model.DealState;
import io.caravan.store.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of one deal at one side.
 *
 * @param states in the order in which it went through them, the present one last
 * @param message why it failed; empty for none
 * @param moved when something happened to it last
 */
record Story(List<DealState> states, String message, Instant moved) {

    private static final Pattern CODE = Pattern.compile("\\b(?:[VF][0-9]{1,2}|[VQ]-[a-z-]+)\\b");

    /** A side without the deal. */
    static final Story NONE = new Story(List.of(), "", Instant.EPOCH);

    DealState last() {
        return states.get(states.size() - 1);
    }

    boolean exists() {
        return !states.isEmpty();
    }

    /** The code of the refusal, such as V14; where there is none, what the message says without its numbers. */
    String code() {
        Matcher code = CODE.matcher(message);
        return code.find() ? code.group() : message.replaceAll("\\S*[0-9]\\S*", "…");
    }

    String codes() {
        StringBuilder text = new StringBuilder();
        states.forEach(state -> text.append(text.isEmpty() ? "" : ",").append(state.code()));
        return text.toString();
    }

    /** All stories of one role's database, by proposal. */
    static Map<String, Story> all(Database database) {
        Map<String, List<DealState>> states = new LinkedHashMap<>();
        Map<String, String> messages = new LinkedHashMap<>();
        for (String[] row : Rows.of(database, "SELECT proposal_cid, coalesce(message, '') FROM deal ORDER BY created_at, proposal_cid")) {
            messages.put(row[0], row[1]);
            states.put(row[0], new ArrayList<>());
        }
        Map<String, Instant> moved = new HashMap<>();
        for (String[] row : Rows.of(database, "SELECT proposal_cid, to_state, extract(epoch FROM at)::bigint FROM deal_event"
                + " ORDER BY proposal_cid, seq")) {
            moved.put(row[0], Instant.ofEpochSecond(Long.parseLong(row[2])));
            List<DealState> path = states.get(row[0]);
            DealState state = DealState.ofCode(Integer.parseInt(row[1]));
            if (path.isEmpty() || path.get(path.size() - 1) != state) {
                path.add(state);
            }
        }
        Map<String, Story> stories = new LinkedHashMap<>();
        messages.forEach((proposal, message) -> stories.put(proposal, new Story(List.copyOf(states.get(proposal)), message,
                moved.getOrDefault(proposal, Instant.EPOCH))));
        return stories;
    }
}
