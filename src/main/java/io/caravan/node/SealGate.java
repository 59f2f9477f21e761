package io.caravan.node;

import io.caravan.camel.StepGate;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import io.caravan.sealing.Need;
import io.caravan.sealing.SealStep;
import io.caravan.sealing.SealTokens;
import java.util.function.Function;

/** Lets a step of sealing begin on this node when its cores and heap are free. */
final class SealGate implements StepGate {

    private final SealTokens tokens;
    private final Function<SealStep, Need> needs;

    /** @param needs what each step takes here */
    SealGate(SealTokens tokens, Function<SealStep, Need> needs) {
        this.tokens = tokens;
        this.needs = needs;
    }

    @Override
    public Answer enter(SectorState state, Runnable again) {
        SealStep step = SealStep.of(state).orElse(null);
        if (step == null) {
            return new Answer(Pass.FREE, null);
        }
        SealTokens.Answer answer = tokens.ask(step, needs.apply(step), again);
        SealTokens.Pass pass = answer.pass();
        return pass == null ? new Answer(null, answer.waitsFor()) : new Answer(new Pass() {
            @Override
            public void of(SectorNumber sector) {
                pass.of(sector);
            }

            @Override
            public void close() {
                pass.close();
            }
        }, null);
    }

    @Override
    public void forget(SectorState state) {
        SealStep.of(state).ifPresent(tokens::forget);
    }
}
