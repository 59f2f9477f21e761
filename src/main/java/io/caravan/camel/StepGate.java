package io.caravan.camel;

import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import org.jspecify.annotations.Nullable;

/** Whether this node has what a state's computation takes; asked before a sector is claimed for it. Never waits. */
public interface StepGate {

    /** Always open. */
    StepGate OPEN = new StepGate() {
        @Override
        public Answer enter(SectorState state, Runnable again) {
            return new Answer(Pass.FREE, null);
        }

        @Override
        public void forget(SectorState state) {}
    };

    /** What a step takes, until it is closed. */
    interface Pass extends AutoCloseable {

        /** Takes nothing. */
        Pass FREE = new Pass() {
            @Override
            public void of(SectorNumber sector) {}

            @Override
            public void close() {}
        };

        /** Says which sector was claimed. */
        void of(SectorNumber sector);

        @Override
        void close();
    }

    /**
     * One of the two.
     *
     * @param waitsFor what is missing, in words
     */
    record Answer(@Nullable Pass pass, @Nullable String waitsFor) {}

    /** @param again is run when it may be worth to ask once more */
    Answer enter(SectorState state, Runnable again);

    /** No sector waits for that state's computation after all. */
    void forget(SectorState state);
}
