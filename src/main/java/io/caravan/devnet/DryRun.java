package io.caravan.devnet;

import io.caravan.chain.Message;
import io.caravan.chain.SignedMessage;

/** Runs a message and forgets it. Faults neither see nor use up anything here. */
final class DryRun {

    private final LiveChain chain;
    private final ProofChecks checks;

    DryRun(LiveChain chain, ProofChecks checks) {
        this.chain = chain;
        this.checks = checks;
    }

    /** On the state that calls at this tipset see. */
    Vm.Outcome onState(Message message, Block tipset) {
        State state = tipset.parentState();
        if (state == null) {
            throw new io.caravan.rpc.RpcException("required historical state unavailable");
        }
        return run(message, state, tipset.height());
    }

    /**
     * On the state after the head's own messages and those that the sender has in the mempool, one epoch later: what a
     * message pushed now would meet.
     */
    long gasUsed(Message message) {
        Block head = chain.view().head();
        State after = BlockMaker.stateAfter(head);
        Vm vm = vm(after, head.height() + 1);
        chain.pending().stream().map(SignedMessage::message)
                .filter(earlier -> after.idOf(earlier.from()).equals(after.idOf(message.from()))).forEach(vm::apply);
        Vm.Outcome outcome = vm.call(message);
        if (!outcome.receipt().isOk()) {
            throw MessageCalls.failed(outcome);
        }
        return outcome.receipt().gasUsed();
    }

    private Vm.Outcome run(Message message, State state, long epoch) {
        return vm(state, epoch).call(message);
    }

    private Vm vm(State state, long epoch) {
        return new Vm(new Call.World(new Draft(state), chain.rules(), chain.view(), checks, new Faults()), epoch,
                GenesisMaker.MINER);
    }
}
