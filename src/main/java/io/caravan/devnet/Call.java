package io.caravan.devnet;

import io.caravan.chain.ExitCode;
import io.caravan.codec.Bytes;
import io.caravan.codec.CodecException;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.util.function.Function;

/**
 * One actor method being run.
 *
 * @param epoch the epoch of the block that carries the message
 * @param caller actor id of the sender
 * @param receiver actor id of the actor that runs
 * @param value attoFIL that came along; the ledger has moved them already
 */
record Call(World world, long epoch, long caller, long receiver, TokenAmount value, Bytes params, Journal journal) {

    /** What a call works on: the state it changes, the rules it obeys, the randomness of the chain it runs on. */
    record World(Draft draft, Rules rules, Randomness randomness, ProofChecks checks, Faults faults) {
    }

    Draft draft() {
        return world.draft();
    }

    Rules rules() {
        return world.rules();
    }

    Ledger ledger() {
        return new Ledger(world.draft());
    }

    /** The method's parameters; malformed ones end the message with exit 21, as in the actors' own runtime. */
    <T> T params(Function<byte[], T> reader) {
        try {
            return reader.apply(params.toArray());
        } catch (CodecException e) {
            throw new ActorException(ExitCode.SERIALIZATION, "failed to decode parameters: " + e.getMessage());
        }
    }

    void requireNoValue() {
        require(value.isZero(), ExitCode.NOT_PAYABLE, "this method takes no value");
    }

    static void require(boolean isTrue, long exitCode, String message) {
        if (!isTrue) {
            throw new ActorException(exitCode, message);
        }
    }

    /** The actor's id; exit 17 when there is none. */
    long resolve(FilAddress address, String what) {
        return draft().state().idOf(address)
                .orElseThrow(() -> new ActorException(ExitCode.NOT_FOUND, what + " " + address + " is not an actor"));
    }
}
