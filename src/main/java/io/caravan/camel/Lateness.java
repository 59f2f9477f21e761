package io.caravan.camel;

import io.caravan.model.Turn;
import io.caravan.model.Waiting;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why a state gives up, in words for people: how long it waited for what, or which epoch has passed. */
final class Lateness {

    private Lateness() {}

    /** E.g. {@code waited 24 h for the client's data, in vain}. */
    static String byTime(Instant entered, Instant now, Waiting waiting, String usual, @Nullable Throwable failure) {
        Instant since = waiting.since() == null || waiting.since().isBefore(entered) ? entered : waiting.since();
        return "waited " + lapse(Duration.between(since, now)) + " for " + what(waiting, usual) + ", in vain"
                + lastError(waiting, failure);
    }

    /** E.g. {@code the chain is at epoch 1185, past epoch 1180 (start epoch 1200), still waiting for the client's data}. */
    static String byEpoch(Turn turn, Object head, long start, Waiting waiting, String usual, @Nullable Throwable failure) {
        return "the chain is at epoch " + head + ", past epoch " + turn.lastEpoch() + " (start epoch " + start
                + "), still waiting for " + what(waiting, usual) + lastError(waiting, failure);
    }

    private static String what(Waiting waiting, String usual) {
        return waiting.what() == null ? usual : waiting.what();
    }

    private static String lastError(Waiting waiting, @Nullable Throwable failure) {
        String error = failure != null ? failure.getMessage() : waiting.lastError();
        return error == null ? "" : "; last error: " + error;
    }

    /** The largest two units: {@code 24 h}, {@code 1 h 5 min}, {@code 40 s}. */
    static String lapse(Duration time) {
        if (time.toHours() >= 48) {
            return time.toDays() + " d" + rest(time.toHoursPart(), " h");
        }
        if (time.toMinutes() >= 60) {
            return time.toHours() + " h" + rest(time.toMinutesPart(), " min");
        }
        return time.toSeconds() >= 60 ? time.toMinutes() + " min" + rest(time.toSecondsPart(), " s") : time.toSeconds() + " s";
    }

    private static String rest(int number, String unit) {
        return number == 0 ? "" : " " + number + unit;
    }
}
