package io.caravan.sealing;

import io.caravan.chain.BatchReturn;
import io.caravan.chain.Chain;
import io.caravan.chain.ExitCode;
import io.caravan.chain.FeeLimit;
import io.caravan.chain.FeeRules;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.chain.MinerInfo;
import io.caravan.chain.OnChainSector;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.PreCommittedSector;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.PhaseException;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;
import io.caravan.model.TokenAmount;
import io.caravan.piece.CommPStream;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.DiskReservations;
import io.caravan.store.MessageStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PostgresSectorBatches;
import io.caravan.store.PostgresSectorStore;
import io.caravan.store.SectorBatches;
import io.caravan.store.SectorStore;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A miner's sealing on a real store and a chain of the test's, one pass over all steps at a time as the routes would
 * make it; it can be killed behind any call that leaves a step.
 */
final class SealingWorld {

    static final FilAddress MINER = FilAddress.ofId(1000);
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final long HEAD = 5000;
    static final long DELAY = 10;
    private static final FilAddress WORKER = FilAddress.ofSecp256k1Key(Bytes.ofHex("04" + "22".repeat(64)).toArray());
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final PaddedPieceSize SECTOR = PaddedPieceSize.of(2048);

    /** What a kill -9 is to a test. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    final SettableClock clock = SettableClock.at(START);
    final FakeChain chain = FakeChain.at(HEAD);
    PostgresSectorStore sectors;
    final PostgresMessageStore messages;
    final SectorBatches batches;
    final DiskReservations disk;
    final SectorFiles files;
    final Path home;
    long epoch = HEAD;
    long exitCode;
    /** Sectors whose next proof the chain does not take. */
    final Set<SectorNumber> unprovable = new HashSet<>();
    int calls;
    private int killAfter = Integer.MAX_VALUE;
    private FeeRules fees = FeeRules.of(FeeLimit.NONE);
    private SealingConfig config = SealingConfig.standard().withWaitDealsDelay(Duration.ZERO);
    private SealingEngine engine;
    private SealingRoom room;
    private volatile long free = 1L << 40;
    private final TestPostgres postgres;
    private final Map<Long, Long> failOnce = new HashMap<>();
    private int deals;

    SealingWorld(TestPostgres postgres, Path home) {
        postgres.database().sql().write("test/empty", Map.of());
        this.home = home;
        this.files = new SectorFiles(home);
        this.engine = new PlaceholderEngine(files, SealingEngine.Progress.NONE);
        this.postgres = postgres;
        sectors = store(postgres, Duration.ZERO);
        messages = new PostgresMessageStore(postgres.database().sql(), clock);
        batches = new PostgresSectorBatches(postgres.database().sql(), messages, clock);
        disk = new DiskReservations(postgres.database().sql(), clock);
        room = room(0, 0);
        chain.miner(MINER, new MinerInfo(WORKER, WORKER, List.of(), null, List.of(), 10, SECTOR.bytes()));
    }

    SealingWorld with(SealingConfig other) {
        config = other;
        return this;
    }

    /** From now on each message of a sector may cost so much in fees. */
    SealingWorld withFeeCap(TokenAmount cap) {
        fees = FeeRules.of(FeeLimit.NONE).with(FeeRules.SECTOR, new FeeLimit(cap, 0, "sealing.fee.cap"));
        return this;
    }

    SealingWorld with(SealingEngine other) {
        engine = other;
        return this;
    }

    /** From now on a step that failed waits so long before it is done over. */
    SealingWorld withCoolDown(Duration time) {
        sectors = store(postgres, time);
        return this;
    }

    private PostgresSectorStore store(TestPostgres on, Duration coolDown) {
        return new PostgresSectorStore(on.database().sql(), clock, "node", Deadlines.usual().withCoolDown(coolDown),
                Backoff.usual(new Random(1)));
    }

    SealingEngine engine() {
        return engine;
    }

    /** The next message of that method fails on chain with that exit code. */
    void failOnce(long method, long code) {
        failOnce.put(method, code);
    }

    /** From now on the disk of the sealing folder has so many bytes left. */
    SealingWorld withFree(long bytes) {
        free = bytes;
        return this;
    }

    /** From now on sealing may take so many bytes, and so many stay free. */
    SealingWorld withDisk(long most, long reserve) {
        room = room(most, reserve);
        return this;
    }

    private SealingRoom room(long most, long reserve) {
        return new SealingRoom(new SealTokens(() -> new SealTokens.Sizes(2, 1 << 30), clock),
                new SealingDisk(disk, files, () -> free, () -> new SealingDisk.Limits(most, reserve)));
    }

    /** What the engine has a sector reserve. */
    long sectorDisk() {
        return engine.diskBytes(SealProof.SEAL_2K);
    }

    /** The process dies behind its n-th call to chain, store or engine from now on. */
    SealingWorld killAfter(int n) {
        killAfter = calls + n;
        return this;
    }

    SealingTools tools() {
        Chain seen = watched(Chain.class, chain);
        MessageStore kept = watched(MessageStore.class, messages);
        MessageLane lane = new MessageLane(seen, kept, (address, bytes) ->
                new Signature(SignatureType.SECP256K1, Bytes.wrap(new byte[65])), () -> fees);
        return new SealingTools(seen, watched(SectorStore.class, sectors), watched(SectorBatches.class, batches), kept, lane, new MessageWatcher(seen, kept),
                watched(SealingEngine.class, engine), () -> config, clock, room);
    }

    private <T> T watched(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            try {
                Object result = method.invoke(target, args);
                if (++calls == killAfter) {
                    throw new Killed();
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    /** A deal's piece of that many payload bytes, its data staged, handed over to sealing. */
    SectorPiece hand(int payloadBytes) {
        return hand(payloadBytes, HEAD + 3000, 0);
    }

    SectorPiece hand(int payloadBytes, long startEpoch, int spoiltBytes) {
        try {
            int deal = ++deals;
            byte[] data = new byte[payloadBytes];
            new Random(deal).nextBytes(data);
            var piece = CommPStream.of(new ByteArrayInputStream(data));
            for (int i = 0; i < spoiltBytes; i++) {
                data[i]++;
            }
            Path file = Files.write(home.resolve("staged-" + deal), data);
            return sectors.handOff(new SectorPiece(Cid.rawSha256(("deal " + deal).getBytes()), deal,
                    Cid.rawSha256("publish".getBytes()), piece.commP(), piece.size(), file.toString(), payloadBytes,
                    Epoch.of(startEpoch), Epoch.of(startEpoch + 518_400), true, clock.instant(), null, null, null,
                    null));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    SectorPiece piece(SectorPiece handed) {
        return sectors.pieceOf(handed.proposalCid()).orElseThrow();
    }

    Sector sector(SectorPiece handed) {
        return sectors.find(piece(handed).sector()).orElseThrow();
    }

    Sector only() {
        List<Sector> all = sectors.list(Set.of(), null, 100);
        if (all.size() != 1) {
            throw new AssertionError("not one sector: " + all);
        }
        return all.get(0);
    }

    List<SectorEvent> events(SectorNumber number) {
        return sectors.events(number).stream().map(move -> move.event()).toList();
    }

    /** Passes over all steps, a block each time, until nothing is left that is not Proving or Unknown. */
    SealingWorld run() {
        for (int pass = 0; pass < 80; pass++) {
            pass();
            boolean isDone = sectors.waitingPieces(1).isEmpty() && sectors.list(Set.of(), null, 100).stream()
                    .allMatch(sector -> sector.state() == SectorState.PROVING || sector.state() == SectorState.UNKNOWN
                            || sector.turn().parked() || sector.stage() == SectorStage.STAGING
                                    && sectors.piecesOf(sector.number()).isEmpty());
            if (isDone) {
                return this;
            }
        }
        throw new AssertionError("not done: " + sectors.list(Set.of(), null, 100));
    }

    /** As {@link #run}, started again after each kill. */
    SealingWorld survive() {
        try {
            return run();
        } catch (Killed e) {
            sectors.reclaim();
            return run();
        }
    }

    /** What one second of the routes does, then a block. */
    void pass() {
        SealingTools tools = tools();
        new SectorWarden(tools).look();
        new ProvenWatch(MINER, tools).look();
        new SectorPacker(MINER, tools).pack();
        new PieceWriter(tools).write();
        new SectorPacker(MINER, tools).pack();
        new SealingPass(tools).run();
        block();
    }

    /** Executes what was pushed and moves the chain and the clock on. */
    void block() {
        for (SignedMessage signed : chain.pending()) {
            Long once = failOnce.remove(signed.message().method());
            long code = once == null ? exitCode : once;
            chain.land(signed.cid(), code, code == 0 ? execute(signed) : Bytes.EMPTY);
        }
        epoch++;
        chain.to(epoch);
        clock.forward(Duration.ofSeconds(30));
    }

    private Bytes execute(SignedMessage signed) {
        byte[] params = signed.message().params().toArray();
        if (signed.message().method() == Methods.MINER_PRE_COMMIT_SECTOR_BATCH2) {
            PreCommitSectorBatch2Params.ofCbor(params).sectors().forEach(this::preCommit);
            return Bytes.EMPTY;
        }
        List<SectorNumber> numbers = ProveCommitSectors3Params.ofCbor(params).sectors().stream().map(one -> one.sector()).toList();
        List<BatchReturn.Failure> failures = new ArrayList<>();
        for (SectorNumber number : numbers) {
            if (unprovable.remove(number)) {
                failures.add(new BatchReturn.Failure(numbers.indexOf(number), ExitCode.ILLEGAL_ARGUMENT));
            } else {
                prove(number);
            }
        }
        return Bytes.wrap(new BatchReturn(numbers.size() - failures.size(), failures).toCbor());
    }

    private void preCommit(SectorPreCommitInfo info) {
        chain.preCommitted(new PreCommittedSector(info.sector(), info.sealProof(), info.sealed(), info.unsealed(),
                Epoch.of(info.sealRandEpoch()), Epoch.of(info.expiration()), TokenAmount.ofAtto(5),
                Epoch.of(epoch)));
    }

    private void prove(SectorNumber number) {
        PreCommittedSector was = chain.preCommit(MINER, number).orElseThrow();
        chain.proven(new OnChainSector(number, was.sealProof(), was.sealed(), Epoch.of(epoch), was.expiration(),
                TokenAmount.ofAtto(12)));
    }

    /** How many sectors each message of that kind was for, in the order of sending. */
    List<Integer> sizes(long method) {
        return pushed(method).stream().map(signed -> signed.message().params().toArray())
                .map(params -> method == Methods.MINER_PRE_COMMIT_SECTOR_BATCH2
                        ? PreCommitSectorBatch2Params.ofCbor(params).sectors().size()
                        : ProveCommitSectors3Params.ofCbor(params).sectors().size()).toList();
    }

    List<SignedMessage> pushed(long method) {
        return chain.pushed().stream().filter(signed -> signed.message().method() == method).toList();
    }
}
