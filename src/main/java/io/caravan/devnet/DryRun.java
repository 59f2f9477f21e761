package io.caravan.devnet;

import io.caravan.chain.Message;

/** Runs a message and forgets it. Faults neither see nor use up anything here. */
final class DryRun {

    private final LiveChain chain;
    private final SealCheck seals;

    DryRun(LiveChain chain, SealCheck seals) {
        this.chain = chain;
        this.seals = seals;
    }

    /** On the state that calls at this tipset see. */
    Vm.Outcome onState(Message message, Block tipset) {
        State state = tipset.parentState();
        if (state == null) {
            throw new io.caravan.rpc.RpcException("required historical state unavailable");
        }
        return run(message, state, tipset.height());
    }

    /** On the state after the head's own messages, one epoch later: what a message pushed now would meet. */
    long gasUsed(Message message) {
        Block head = chain.view().head();
        Vm.Outcome outcome = run(message, BlockMaker.stateAfter(head), head.height() + 1);
        if (!outcome.receipt().isOk()) {
            throw MessageCalls.failed(outcome);
        }
        return outcome.receipt().gasUsed();
    }

    private Vm.Outcome run(Message message, State state, long epoch) {
        Call.World world = new Call.World(new Draft(state), chain.rules(), chain.view(), seals, new Faults());
        return new Vm(world, epoch, GenesisMaker.MINER).call(message);
    }
}
