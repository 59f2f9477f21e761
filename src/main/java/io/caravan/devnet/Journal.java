package io.caravan.devnet;

import io.caravan.chain.ExitCode;
import java.util.ArrayList;
import java.util.List;

/** What one message does beside the state: gas it uses, events it emits, remarks for {@code Devnet.Log}. */
final class Journal {

    private final long gasLimit;
    private final List<Event> events = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long gasUsed;

    Journal(long gasLimit) {
        this.gasLimit = gasLimit;
    }

    /** @throws ActorException (out of gas) when the message's limit does not cover it */
    void charge(long gas) {
        gasUsed = Math.addExact(gasUsed, gas);
        if (gasUsed > gasLimit) {
            gasUsed = gasLimit;
            throw new ActorException(ExitCode.SYS_OUT_OF_GAS, "out of gas: the limit is " + gasLimit);
        }
    }

    void emit(Event event) {
        events.add(event);
    }

    void note(String note) {
        notes.add(note);
    }

    void forgetEvents() {
        events.clear();
    }

    long gasUsed() {
        return gasUsed;
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
