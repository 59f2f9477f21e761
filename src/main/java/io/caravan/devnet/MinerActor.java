package io.caravan.devnet;

import io.caravan.chain.AmountReturn;
import io.caravan.chain.ChangeMultiaddrsParams;
import io.caravan.chain.ChangePeerIdParams;
import io.caravan.chain.CreateMinerParams;
import io.caravan.chain.ExitCode;
import io.caravan.chain.Methods;
import io.caravan.chain.TerminateSectorsParams;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.util.List;
import java.util.OptionalLong;

/**
 * The miner actor: which method is which, and the small ones (chain-and-rpc §4.1). Also how the power actor makes a new
 * one.
 */
final class MinerActor {

    private static final int MAX_SECTORS = 3000;

    private MinerActor() {
    }

    static Bytes run(Call call, long method) {
        if (method == Methods.MINER_CHANGE_PEER_ID) {
            return change(call, miner -> miner.withPeerId(call.params(ChangePeerIdParams::ofCbor).peerId()));
        }
        if (method == Methods.MINER_CHANGE_MULTIADDRS) {
            return change(call, miner -> miner.withMultiaddrs(call.params(ChangeMultiaddrsParams::ofCbor)
                    .multiaddrs()));
        }
        if (method == Methods.MINER_PRE_COMMIT_SECTOR_BATCH2) {
            return SectorPreCommits.preCommit(call);
        }
        if (method == Methods.MINER_PROVE_COMMIT_SECTORS3) {
            return SectorProofs.prove(call);
        }
        if (method == Methods.MINER_SUBMIT_WINDOWED_POST) {
            return WindowPosts.submit(call);
        }
        if (method == Methods.MINER_DECLARE_FAULTS) {
            return WindowPosts.declareFaults(call);
        }
        if (method == Methods.MINER_DECLARE_FAULTS_RECOVERED) {
            return WindowPosts.declareRecovered(call);
        }
        if (method == Methods.MINER_TERMINATE_SECTORS) {
            return terminate(call);
        }
        if (method == Methods.MINER_WITHDRAW_BALANCE) {
            return withdraw(call);
        }
        throw new ActorException(ExitCode.UNHANDLED_MESSAGE, "a miner has no method " + method);
    }

    /** The miner's record, once the caller is known to speak for it. */
    static MinerRecord authorised(Call call) {
        MinerRecord miner = call.draft().require(Tables.MINERS, call.receiver());
        Call.require(miner.mayAct(call.caller()), ExitCode.FORBIDDEN,
                "caller f0" + call.caller() + " is not worker, owner or control address of f0" + call.receiver());
        return miner;
    }

    /** Coins of the miner that nothing holds, attoFIL; may be negative only if an invariant is broken. */
    static TokenAmount available(Draft draft, long miner) {
        return new Ledger(draft).balance(miner).minus(draft.require(Tables.MINERS, miner).locked());
    }

    static Bytes createMiner(Call call) {
        call.journal().charge(Gas.PUBLISH);
        CreateMinerParams params = call.params(CreateMinerParams::ofCbor);
        Call.require(SealProofs.isWindowPost(params.windowPostProof()), ExitCode.ILLEGAL_ARGUMENT,
                "window PoSt type " + params.windowPostProof() + " is not one of 10 to 14");
        long owner = account(call, params.owner());
        long worker = account(call, params.worker());
        long id = call.draft().totals().nextActor();
        FilAddress robust = FilAddress.ofActorData(new CborWriter().uint(call.caller()).uint(id).toByteArray());
        create(call.draft(), id, robust, MinerRecord.of(owner, worker, params.windowPostProof())
                .withPeerId(params.peerId()).withMultiaddrs(params.multiaddrs()));
        call.draft().totals(totals -> totals.withNextActor(id + 1));
        call.ledger().move(call.receiver(), id, call.value());
        CborWriter out = new CborWriter().array(2);
        FilAddress.ofId(id).writeTo(out);
        robust.writeTo(out);
        return out.toBytes();
    }

    static void create(Draft draft, long id, FilAddress robust, MinerRecord miner) {
        new Ledger(draft).put(id, new Actor(Actor.Kind.MINER, robust, 0, TokenAmount.ZERO));
        draft.put(Tables.MINERS, id, miner);
    }

    private static long account(Call call, FilAddress address) {
        OptionalLong id = call.draft().state().idOf(address);
        return id.isPresent() ? id.getAsLong() : call.ledger().idOrCreate(address);
    }

    private static Bytes change(Call call, java.util.function.UnaryOperator<MinerRecord> change) {
        call.journal().charge(Gas.MINER_CHANGE);
        call.requireNoValue();
        call.draft().put(Tables.MINERS, call.receiver(), change.apply(authorised(call)));
        return Bytes.EMPTY;
    }

    private static Bytes terminate(Call call) {
        call.requireNoValue();
        TerminateSectorsParams params = call.params(TerminateSectorsParams::ofCbor);
        authorised(call);
        SectorEnd end = new SectorEnd(call.draft(), call.rules(), call.epoch(), call.journal());
        for (TerminateSectorsParams.Termination one : params.terminations()) {
            List<Long> numbers = MarketActor.numbers(one.sectors(), MAX_SECTORS);
            call.journal().charge(Gas.TERMINATE_SECTOR * numbers.size());
            for (long number : numbers) {
                SectorKey key = new SectorKey(call.receiver(), number);
                Call.require(call.draft().state().table(Tables.SECTORS).contains(key), ExitCode.NOT_FOUND,
                        "sector " + number + " is not there");
                SectorDuty duty = call.draft().find(Tables.DUTIES, key).orElseGet(() -> SectorDuty.of(0, 0));
                Call.require(one.deadline() == duty.deadline() && one.partition() == duty.partition(),
                        ExitCode.ILLEGAL_ARGUMENT, "sector " + number + " is in deadline " + duty.deadline()
                        + ", partition " + duty.partition());
                end.terminate(key);
            }
        }
        return new CborWriter().array(1).bool(true).toBytes();
    }

    private static Bytes withdraw(Call call) {
        call.journal().charge(Gas.MARKET_BALANCE);
        call.requireNoValue();
        TokenAmount asked = call.params(MinerActor::amount);
        MinerRecord miner = call.draft().require(Tables.MINERS, call.receiver());
        Call.require(call.caller() == miner.owner(), ExitCode.FORBIDDEN, "only the owner may withdraw");
        Call.require(!asked.isNegative(), ExitCode.ILLEGAL_ARGUMENT, "negative amount to withdraw");
        TokenAmount paid = asked.min(available(call.draft(), call.receiver()));
        call.ledger().move(call.receiver(), miner.owner(), paid);
        return Bytes.wrap(new AmountReturn(paid).toCbor());
    }

    private static TokenAmount amount(byte[] cbor) {
        CborReader in = new CborReader(cbor);
        in.tuple(1);
        TokenAmount amount = TokenAmount.readFrom(in);
        in.end();
        return amount;
    }
}
