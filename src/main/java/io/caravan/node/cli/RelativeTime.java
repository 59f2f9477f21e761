package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/** Moments of an answer as people think of them: how long ago, how soon. */
record RelativeTime(Instant now) {

    /** {@code 3 min 5 s}; {@code -} for no moment. */
    String since(JsonNode at) {
        return at.isTextual() ? lapse(Duration.between(Instant.parse(at.asText()), now)) : "-";
    }

    /** {@code in 12 s}, {@code now}; {@code -} for no moment. */
    String until(JsonNode at) {
        if (!at.isTextual()) {
            return "-";
        }
        Duration left = Duration.between(now, Instant.parse(at.asText()));
        return left.isNegative() || left.toSeconds() == 0 ? "now" : "in " + lapse(left);
    }

    private static String lapse(Duration time) {
        if (time.isNegative()) {
            return "0 s";
        }
        return time.toDays() >= 2 ? time.toDays() + " days" : time.toSeconds() < 10 ? time.toSeconds() + " s" : Show.time(time);
    }
}
