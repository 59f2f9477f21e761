package io.caravan.devnet;

import io.caravan.chain.ExitCode;
import io.caravan.chain.Message;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.Methods;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.TokenAmount;
import java.util.List;
import java.util.OptionalLong;

/**
 * Runs messages (chain-and-rpc §5.1): takes the gas money, moves the value, runs the method, gives back what was not
 * used. A method that fails leaves no trace but its receipt and its fee.
 */
final class Vm {

    /** What came of one message. */
    record Outcome(MessageReceipt receipt, List<Event> events, List<String> notes) {
    }

    private final Call.World world;
    private final long epoch;
    private final long blockMiner;
    private final Ledger ledger;

    /** @param blockMiner actor id that gets the tips */
    Vm(Call.World world, long epoch, long blockMiner) {
        this.world = world;
        this.epoch = epoch;
        this.blockMiner = blockMiner;
        this.ledger = new Ledger(world.draft());
    }

    /** Runs a message of a block: nonce and gas money count. */
    Outcome apply(Message message) {
        Draft draft = world.draft();
        OptionalLong sender = draft.state().idOf(message.from());
        if (sender.isEmpty() || ledger.actor(sender.getAsLong()).kind() != Actor.Kind.ACCOUNT) {
            return refused(ExitCode.SYS_SENDER_INVALID, "the sender is not an account");
        }
        long from = sender.getAsLong();
        Actor account = ledger.actor(from);
        TokenAmount reserved = message.gasFeeCap().times(message.gasLimit());
        if (account.nonce() != message.nonce() || account.balance().isLessThan(reserved)) {
            return refused(ExitCode.SYS_SENDER_STATE_INVALID, "nonce or gas funds of the sender do not fit");
        }
        draft.put(Tables.ACTORS, from,
                account.withNonce(message.nonce() + 1).withBalance(account.balance().minus(reserved)));
        Journal journal = new Journal(message.gasLimit());
        Outcome outcome = run(message, from, journal);
        settleGas(message, from, reserved, journal.gasUsed());
        return outcome;
    }

    /** Runs a message without nonce and gas, as a dry run does. */
    Outcome call(Message message) {
        OptionalLong from = world.draft().state().idOf(message.from());
        if (from.isEmpty()) {
            return refused(ExitCode.SYS_SENDER_INVALID, "the sender is not an actor");
        }
        return run(message, from.getAsLong(), new Journal(Gas.BLOCK_LIMIT));
    }

    private Outcome run(Message message, long from, Journal journal) {
        State mark = world.draft().state();
        long exitCode = ExitCode.OK;
        Bytes returned = Bytes.EMPTY;
        try {
            journal.charge(Gas.MESSAGE);
            OptionalLong forced = world.faults().forcedExit(message, mark);
            if (forced.isPresent()) {
                throw new ActorException(forced.getAsLong(), "forced by Devnet.FailNext");
            }
            long to = ledger.idOrCreate(message.to());
            ledger.move(from, to, message.value());
            returned = dispatch(new Call(world, epoch, from, to, message.value(), message.params(), journal),
                    message.method());
        } catch (ActorException e) {
            world.draft().restore(mark);
            journal.forgetEvents();
            journal.note(e.getMessage() + " (exit " + e.exitCode() + ")");
            exitCode = e.exitCode();
        } catch (ArithmeticException e) { // amounts that no chain could hold
            world.draft().restore(mark);
            journal.forgetEvents();
            journal.note("arithmetic: " + e.getMessage());
            exitCode = ExitCode.ILLEGAL_ARGUMENT;
        }
        Cid eventsRoot = journal.events().isEmpty() ? null
                : Cid.dagCborBlake2b(Event.bytesOf(journal.events()).toArray());
        return new Outcome(new MessageReceipt(exitCode, returned, journal.gasUsed(), eventsRoot), journal.events(),
                journal.notes());
    }

    private Bytes dispatch(Call call, long method) {
        if (call.receiver() == Ledger.MARKET) {
            return MarketActor.run(call, method);
        }
        if (method == Methods.SEND) {
            return Bytes.EMPTY;
        }
        if (call.receiver() == Methods.POWER.actorId() && method == Methods.POWER_CREATE_MINER) {
            return MinerActor.createMiner(call);
        }
        if (ledger.actor(call.receiver()).kind() == Actor.Kind.MINER) {
            return MinerActor.run(call, method);
        }
        throw new ActorException(ExitCode.UNHANDLED_MESSAGE, "f0" + call.receiver() + " has no method " + method);
    }

    /** Burns the base fee, tips the block's miner, gives the rest back. */
    private void settleGas(Message message, long from, TokenAmount reserved, long gasUsed) {
        TokenAmount perGas = world.rules().baseFee().min(message.gasFeeCap());
        TokenAmount burn = perGas.times(gasUsed);
        TokenAmount tip = message.gasPremium().min(message.gasFeeCap().minus(perGas)).max(TokenAmount.ZERO)
                .times(message.gasLimit()).min(reserved.minus(burn));
        credit(Ledger.BURNT, burn);
        credit(blockMiner, tip);
        credit(from, reserved.minus(burn).minus(tip));
    }

    private void credit(long actor, TokenAmount amount) {
        Actor before = ledger.actor(actor);
        world.draft().put(Tables.ACTORS, actor, before.withBalance(before.balance().plus(amount)));
    }

    private static Outcome refused(long exitCode, String note) {
        return new Outcome(new MessageReceipt(exitCode, Bytes.EMPTY, 0, null), List.of(), List.of(note));
    }
}
