package io.caravan.node;

import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.node.config.Settings;
import io.caravan.store.Deadlines;
import java.util.List;

/** Reads {@code miner.deadline.*} and {@code daemon.deadline.*}: by when the states of a deal give up. */
final class DeadlineSettings {

    /** Epochs on top of the deepest confidence, so that a phase that counts by confidence decides before the deadline. */
    private static final long BEYOND_CONFIDENCE = 20;

    private DeadlineSettings() {}

    static Deadlines of(Settings settings) {
        long deepest = 0;
        for (String role : List.of("daemon", "miner")) {
            var confidence = CoreSettings.confidence(settings, role);
            deepest = Math.max(deepest, Math.max(confidence.publish(), confidence.state()));
        }
        Deadlines deadlines = Deadlines.usual()
                .withEpochs(settings.number("miner.publish.start-buffer", 0, 100_000), deepest + BEYOND_CONFIDENCE)
                .with(Role.PROVIDER, DealState.WAITING_FOR_DATA, settings.duration("miner.deadline.data"))
                .with(Role.PROVIDER, DealState.TRANSFERRING, settings.duration("miner.deadline.transfer"))
                .with(Role.PROVIDER, DealState.PROVIDER_TRANSFER_AWAIT_RESTART, settings.duration("miner.deadline.restart"))
                .with(Role.CLIENT, DealState.FUNDS_RESERVED, settings.duration("daemon.deadline.propose"));
        for (DealState state : List.of(DealState.TRANSFER_QUEUED, DealState.TRANSFERRING, DealState.CLIENT_TRANSFER_RESTART)) {
            deadlines = deadlines.with(Role.CLIENT, state, settings.duration("daemon.deadline.transfer"));
        }
        return deadlines;
    }
}
