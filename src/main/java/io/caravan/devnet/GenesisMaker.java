package io.caravan.devnet;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborWriter;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.util.Map;
import java.util.TreeMap;

/** Makes the state of epoch 0: built-in actors, the first miner with its keys, funded accounts. */
final class GenesisMaker {

    /** The first miner. */
    static final long MINER = 1000;

    private static final long OWNER = 100;
    private static final long WORKER = 101;
    private static final long FIRST_FREE = 1001;

    private GenesisMaker() {
    }

    static Draft make(DevnetConfig.Genesis genesis, FilAddress owner, FilAddress worker) {
        Draft draft = new Draft(State.EMPTY);
        draft.put(Tables.TOTALS, 0L, new Totals(FIRST_FREE, 1, 1, TokenAmount.ZERO, TokenAmount.ZERO, TokenAmount.ZERO,
                TokenAmount.ZERO, 0));
        Ledger ledger = new Ledger(draft);
        DevnetConfig.builtins().forEach(id -> ledger.put(id, Actor.builtin(TokenAmount.ZERO)));
        fund(draft, Ledger.RESERVE, genesis.faucet());
        ledger.put(OWNER, new Actor(Actor.Kind.ACCOUNT, owner, 0, TokenAmount.ZERO));
        fund(draft, OWNER, genesis.ownerBalance());
        long workerId = OWNER;
        if (!worker.equals(owner)) {
            workerId = WORKER;
            ledger.put(WORKER, new Actor(Actor.Kind.ACCOUNT, worker, 0, TokenAmount.ZERO));
            fund(draft, WORKER, genesis.ownerBalance());
        }
        FilAddress robust = FilAddress.ofActorData(new CborWriter().text("caravan-devnet/miner").uint(MINER)
                .toByteArray());
        MinerActor.create(draft, MINER, robust,
                MinerRecord.of(OWNER, workerId, SealProofs.windowPostOfSectorSize(genesis.sectorSize())));
        fund(draft, MINER, genesis.minerBalance());
        Map<FilAddress, TokenAmount> inOrder = new TreeMap<>(genesis.accounts());
        inOrder.forEach((key, amount) -> fund(draft, ledger.idOrCreate(key), amount));
        Invariants.check(draft.state());
        return draft;
    }

    /** Coins come into being here and nowhere else. */
    private static void fund(Draft draft, long id, TokenAmount amount) {
        Actor actor = draft.require(Tables.ACTORS, id);
        draft.put(Tables.ACTORS, id, actor.withBalance(actor.balance().plus(amount)));
        draft.totals(totals -> new Totals(totals.nextActor(), totals.nextDeal(), totals.nextAllocation(),
                totals.supply().plus(amount), totals.clientCollateral(), totals.providerCollateral(),
                totals.clientFees(),
                totals.rawPower()));
    }

    static Bytes randomSeed(java.security.SecureRandom random) {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        return Bytes.wrap(seed);
    }
}
