package io.caravan.devnet;

import static io.caravan.devnet.World.MINER;
import static io.caravan.devnet.World.WORKER;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.BitField;
import io.caravan.chain.ExitCode;
import io.caravan.chain.Methods;
import io.caravan.chain.PieceActivationManifest;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.SectorActivationManifest;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.chain.SubmitWindowedPoStParams;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.DealProposal;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import io.caravan.piece.UnsealedSector;
import io.caravan.proofs.DevnetPostProof;
import io.caravan.proofs.DevnetSealProof;
import io.caravan.proofs.PoRep;
import io.caravan.proofs.PostProof;
import io.caravan.proofs.PostProver;
import io.caravan.proofs.PostStatement;
import io.caravan.proofs.SealJob;
import io.caravan.proofs.SealStatement;
import io.caravan.proofs.SealWatch;
import io.caravan.proofs.Sealer;
import io.caravan.proofs.SectorPaths;
import io.caravan.proofs.VanillaProver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A really sealed sector of 2 KiB before the chain: its proofs are taken, and nothing that is off by a byte is. */
@Tag("compute")
class VanillaProofsTest {

    private static final PoRep KIND = PoRep.ofNumber(5);
    private static final PaddedPieceSize SIZE = PaddedPieceSize.of(2048);
    private static final SectorKey KEY = new SectorKey(1000, 1);
    private static final int SAMPLES = 60;

    @TempDir
    private Path folder;

    private final World world = World.funded();
    private long deal;
    private Cid piece;
    private Bytes ticket;
    private Bytes seed;
    private Cid commR;
    private SectorPaths files;

    @BeforeEach
    void preCommit() throws IOException {
        world.rules = world.rules.withProving(ProvingRules.ofPeriod(480));
        world.checks = ProofChecks.vanilla();
        files = new SectorPaths(folder.resolve("unsealed"), folder.resolve("sealed"), folder.resolve("cache"));
        piece = data();
        deal = world.published(one -> new DealProposal(piece, one.pieceSize(), false, one.client(), one.provider(), one.label(),
                one.startEpoch(), one.endEpoch(), World.PRICE, one.providerCollateral(), one.clientCollateral()));
        long drawn = world.epoch - 50;
        ticket = world.world().randomness().fromTickets(Randomness.SEAL, drawn, Bytes.wrap(MINER.toCbor()));
        commR = seal(1, ticket, files);
        assertThat(world.preCommit(new SectorPreCommitInfo(5, SectorNumber.of(1), commR, drawn, List.of(),
                world.epoch + world.rules.maxProveCommitDuration() + 600_000, piece)).receipt().isOk()).as("%s", world.notes).isTrue();
        long drawnSeed = world.epoch + world.rules.preCommitChallengeDelay();
        seed = world.world().randomness().fromBeacon(Randomness.SEED, drawnSeed, Bytes.wrap(MINER.toCbor()));
        world.at(drawnSeed + 1);
    }

    private Cid data() throws IOException {
        byte[] payload = new byte[2032];
        new Random(1).nextBytes(payload);
        try (FileChannel channel = FileChannel.open(files.unsealed(), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            UnsealedSector data = new UnsealedSector(channel);
            data.extendTo(SIZE);
            return data.write(0, SIZE, new ByteArrayInputStream(payload)).commP();
        }
    }

    private Cid seal(long number, Bytes with, SectorPaths paths) throws IOException {
        Files.createDirectories(paths.cache());
        Sealer sealer = new Sealer(folder.resolve("shared"), 1);
        SealJob job = SealJob.of(KIND, MINER, number, with, commD(), paths);
        sealer.preCommit1(job, SealWatch.NONE);
        return sealer.preCommit2(job, SealWatch.NONE).commR();
    }

    private Cid commD() {
        return Cid.commD(piece.commitment());
    }

    private Bytes proof(FilAddress miner, long number, Bytes with, Bytes drawn, Cid replica, SectorPaths paths) throws IOException {
        return DevnetSealProof.encode(KIND, VanillaProver.prove(new SealStatement(KIND, miner, number, commD(), replica, with, drawn),
                paths));
    }

    private Bytes proof() throws IOException {
        return proof(MINER, 1, ticket, seed, commR, files);
    }

    private ProveCommitSectors3Params params(Bytes proof) {
        return ProveCommitSectors3Params.of(List.of(new SectorActivationManifest(SectorNumber.of(1),
                List.of(PieceActivationManifest.ofDeal(piece, SIZE, deal)))), List.of(proof));
    }

    private void assertRefused(Bytes proof, String reason) {
        assertThat(world.prove(params(proof)).receipt().exitCode()).as(reason).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(world.notes).as(reason).anySatisfy(note -> assertThat(note)
                .matches("(?s).*invalid proof for sector 1: " + reason + ".*"));
        assertThat(world.draft.find(Tables.SECTORS, KEY)).isEmpty();
    }

    @Test
    void takesTheProofAndRefusesItOffByOneByteWithItsFirstFailingCheck() throws IOException {
        byte[] good = proof().toArray();
        long drawn = System.nanoTime();
        Random random = new Random(drawn);
        for (int i = 0; i < SAMPLES; i++) {
            byte[] wrong = good.clone();
            wrong[random.nextInt(wrong.length)] ^= (byte) (1 + random.nextInt(255));
            assertRefused(Bytes.wrap(wrong), "((tag|node|comm_d path|comm_r_last path|comm_c path|labels) of .*|node \\d+ in a sector of 64)");
        }
        for (int length : new int[] {0, 1, 31, good.length - 1, good.length + 1, 60_000}) {
            assertRefused(Bytes.wrap(Arrays.copyOf(good, length)), length == 0 ? "length of the proof: 0 bytes" : "length of the proof: " + length);
        }
        assertThat(world.prove(params(Bytes.wrap(good))).receipt().isOk()).as("%s, seed %d", world.notes, drawn).isTrue();
        assertThat(world.draft.find(Tables.SECTORS, KEY)).isPresent();
    }

    /** Right bytes, each for something else. */
    @Test
    void refusesTheProofOfAnotherSectorMinerTicketAndSeed() throws IOException {
        String node = "node of challenge 0: \\d+, but miner, sector, ticket, CommD and seed ask for \\d+";
        SectorPaths other = new SectorPaths(files.unsealed(), folder.resolve("other"), folder.resolve("other-cache"));
        Cid second = seal(2, ticket, other);
        assertRefused(proof(MINER, 2, ticket, seed, second, other), node);
        Bytes old = Bytes.ofHex("02".repeat(32));
        Cid third = seal(1, old, other);
        assertRefused(proof(MINER, 1, old, seed, third, other), node);
        assertRefused(proof(MINER, 1, ticket, old, commR, files), node);
        FilAddress stranger = FilAddress.ofId(1001);
        SealJob theirs = SealJob.of(KIND, stranger, 1, ticket, commD(), other);
        Sealer sealer = new Sealer(folder.resolve("shared"), 1);
        sealer.preCommit1(theirs, SealWatch.NONE);
        assertRefused(proof(stranger, 1, ticket, seed, sealer.preCommit2(theirs, SealWatch.NONE).commR(), other), node);
    }

    @Test
    void refusesARightProofOfASectorWithOtherPieces() throws IOException {
        var params = ProveCommitSectors3Params.of(List.of(World.manifest(1, deal)), List.of(proof()));
        assertThat(world.prove(params).receipt().exitCode()).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(world.notes).anyMatch(note -> note.contains("unsealed CID of sector 1 is not that of its pieces"));
    }

    @Test
    void takesItsWindowProofAndRefusesItOffByOneByte() throws IOException {
        assertThat(world.prove(params(proof())).receipt().isOk()).as("%s", world.notes).isTrue();
        Sealer.trim(KIND, files);
        SectorDuty duty = world.draft.require(Tables.DUTIES, KEY);
        world.at(world.rules.proving().next(duty.deadline(), world.epoch).open() + 3);
        Bytes randomness = world.world().randomness().fromBeacon(Randomness.WINDOW_POST,
                world.rules.proving().at(world.epoch).challenge(), Bytes.wrap(MINER.toCbor()));
        byte[] good = DevnetPostProof.encode(KIND, new PostProof(List.of(PostProver.prove(KIND, randomness,
                new PostStatement.Sector(1, commR), files)))).toArray();
        long drawn = System.nanoTime();
        Random random = new Random(drawn);
        for (int i = 0; i < SAMPLES; i++) {
            byte[] wrong = good.clone();
            wrong[random.nextInt(wrong.length)] ^= (byte) (1 + random.nextInt(255));
            assertWindowRefused(duty, wrong, "(tag of the proof|path of leaf \\d|number of leaf \\d|node \\d+ in|comm_r of comm_c).*");
        }
        for (int length : new int[] {0, good.length - 1, good.length + 1, 60_000}) {
            assertWindowRefused(duty, Arrays.copyOf(good, length), "length of the proof: .*");
        }
        assertThat(submit(duty, good)).as("%s, seed %d", world.notes, drawn).isZero();
    }

    private void assertWindowRefused(SectorDuty duty, byte[] proof, String reason) {
        assertThat(submit(duty, proof)).isEqualTo(ExitCode.ILLEGAL_ARGUMENT);
        assertThat(world.notes).anySatisfy(note -> assertThat(note).matches("(?s)invalid window post: " + reason));
    }

    private long submit(SectorDuty duty, byte[] proof) {
        long at = world.epoch - 1;
        return world.send(WORKER, MINER, TokenAmount.ZERO, Methods.MINER_SUBMIT_WINDOWED_POST,
                new SubmitWindowedPoStParams(duty.deadline(), List.of(new SubmitWindowedPoStParams.Partition(0, BitField.EMPTY)),
                        List.of(new SubmitWindowedPoStParams.Proof(10, Bytes.wrap(proof))), at,
                        world.world().randomness().fromTickets(9, at, Bytes.EMPTY)).toCbor()).receipt().exitCode();
    }
}
