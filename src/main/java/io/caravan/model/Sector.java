package io.caravan.model;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One sector of our miner, as its row has it. What is known only later is null until then; only the store gives it
 * another state, version or turn.
 *
 * @param sealProof the network's number of the seal proof type, which also decides the sector's size
 * @param stage where it stands inside its state
 * @param version counts every write of the row
 * @param seq the number of the sector's newest event
 * @param ticket the sealing randomness
 * @param commD commitment of the data
 * @param commR commitment of the replica
 * @param preCommit the pre-commit message
 * @param seed the interactive randomness
 * @param proof the proof that the prove message carries
 * @param prove the prove-commit message
 * @param expiration the epoch until which the sector is promised
 * @param redos how often it was sealed again from the start
 * @param message the reason that people read
 * @param enteredAt when it came into its state
 */
public record Sector(FilAddress miner, SectorNumber number, long sealProof, SectorState state, SectorStage stage,
        long version, long seq, @Nullable Draw ticket, @Nullable Cid commD, @Nullable Cid commR, Sent preCommit,
        @Nullable Draw seed, @Nullable Bytes proof, Sent prove, @Nullable Epoch expiration, int redos,
        @Nullable String message, Turn turn, Waiting waiting, Instant createdAt, Instant enteredAt,
        Instant updatedAt) {

    /** Randomness drawn from the chain: where, and the 32 bytes. */
    public record Draw(Epoch epoch, Bytes value) {}

    /**
     * A message of ours.
     *
     * @param intent the key of its row in the message store
     * @param cid as pushed, later as landed
     * @param landed the epoch of the tipset that executed it
     */
    public record Sent(@Nullable String intent, @Nullable Cid cid, @Nullable Epoch landed) {
        public static final Sent NOT = new Sent(null, null, null);
    }

    /** A sector that was just numbered and takes pieces. */
    public static Sector fresh(FilAddress miner, SectorNumber number, long sealProof, Instant now) {
        return new Sector(miner, number, sealProof, SectorState.UNKNOWN, SectorStage.STAGING, 0, 0, null, null, null,
                Sent.NOT, null, null, Sent.NOT, null, 0, null, Turn.at(now), Waiting.NOTHING, now, now, now);
    }

    public Sector withStage(SectorStage now) {
        return new Sector(miner, number, sealProof, state, now, version, seq, ticket, commD, commR, preCommit, seed,
                proof, prove, expiration, redos, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Sector withTicket(@Nullable Draw now) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, now, commD, commR, preCommit, seed,
                proof, prove, expiration, redos, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Sector withCommitments(@Nullable Cid dataCommitment, @Nullable Cid replicaCommitment) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, ticket, dataCommitment,
                replicaCommitment, preCommit, seed, proof, prove, expiration, redos, message, turn, waiting,
                createdAt, enteredAt, updatedAt);
    }

    public Sector withPreCommit(Sent now) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, ticket, commD, commR, now, seed,
                proof, prove, expiration, redos, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Sector withSeed(@Nullable Draw now) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, ticket, commD, commR, preCommit, now,
                proof, prove, expiration, redos, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Sector withProof(@Nullable Bytes now) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, ticket, commD, commR, preCommit, seed,
                now, prove, expiration, redos, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Sector withProve(Sent now) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, ticket, commD, commR, preCommit, seed,
                proof, now, expiration, redos, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Sector withExpiration(Epoch now) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, ticket, commD, commR, preCommit, seed,
                proof, prove, now, redos, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Sector withRedos(int now) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, ticket, commD, commR, preCommit, seed,
                proof, prove, expiration, now, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Sector withMessage(@Nullable String now) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, ticket, commD, commR, preCommit, seed,
                proof, prove, expiration, redos, now, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Sector withTurn(Turn now) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, ticket, commD, commR, preCommit, seed,
                proof, prove, expiration, redos, message, now, waiting, createdAt, enteredAt, updatedAt);
    }

    public Sector withWaiting(Waiting now) {
        return new Sector(miner, number, sealProof, state, stage, version, seq, ticket, commD, commR, preCommit, seed,
                proof, prove, expiration, redos, message, turn, now, createdAt, enteredAt, updatedAt);
    }

    /** Gives up, or while it takes pieces: is closed, at that moment. */
    public Sector withDeadline(Instant at) {
        return withTurn(turn.withDeadline(at));
    }

    /** Asks to be looked at again at that moment, instead of after the usual delay. */
    public Sector withRunAfter(Instant at) {
        return withTurn(turn.withRunAfter(at));
    }

    /** Says who or what it waits for and, in words for the people who ask, for what. */
    public Sector waitingFor(WaitsOn kind, String thing, Instant now) {
        return withWaiting(waiting.on(kind, thing, now, null));
    }

    /** The same with the moment at which the wait is expected to end. */
    public Sector waitingFor(WaitsOn kind, String thing, Instant now, Instant end) {
        return withWaiting(waiting.on(kind, thing, now, end));
    }
}
