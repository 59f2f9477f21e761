package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The only door to the chain: what this node reads from it and sends to it (chain-and-rpc §2.4).
 *
 * <p>Every read is at the current head. A chain that cannot be reached, or does not answer in time, is a
 * {@link io.caravan.model.RetryableException}; a chain that answers with an error is a {@link ChainRefusedException}.
 * Nothing here waits for the chain to move: waiting is a deal's state, and {@link MessageWatcher} looks.
 */
public interface Chain extends HeadView {

    /** The network version at head, e.g. 28. */
    int networkVersion();

    /**
     * Escrow and locked funds of an address, and which of the proposals the market holds as published and not begun,
     * all at one and the same head.
     *
     * @param proposals CIDs by {@link io.caravan.model.DealProposal#cid} with both addresses in ID form
     */
    MarketView marketView(FilAddress address, Collection<Cid> proposals);

    /** The proving period a miner is in. */
    ProvingDeadline provingDeadline(FilAddress miner);

    /** What has to be proven in one deadline of a miner's proving period. */
    List<ProvingPartition> provingPartitions(FilAddress miner, long deadline);

    /** A published deal, or empty when the market actor does not hold it (never did, settled, expired, slashed). */
    Optional<MarketDeal> storageDeal(long dealId);

    /**
     * A deal as the market actor held it at a past epoch (the last tipset at or before it). Refused when the node does not
     * keep states so old.
     */
    Optional<MarketDeal> storageDealAt(long dealId, Epoch at);

    /** The epoch of the last tipset at or before this one: an epoch may have none. */
    Epoch lastTipSet(Epoch at);

    /**
     * Every deal that the market announced as terminated in these epochs, in one call. What ends without a message, by
     * the chain's own clock, is not announced. Refused by a node that keeps no events, or not for so long.
     */
    List<DealTermination> terminatedDeals(Epoch from, Epoch to);

    /** The allocation that a published verified deal waits to have claimed; empty when it has none, or had. */
    Optional<PendingAllocation> pendingAllocation(long dealId);

    /** A sector that is pre-committed and not yet proven; empty otherwise. */
    Optional<PreCommittedSector> preCommit(FilAddress miner, SectorNumber sector);

    /** A proven sector; empty before it is proven and after it is gone. */
    Optional<OnChainSector> sector(FilAddress miner, SectorNumber sector);

    /** The numbers of all proven sectors of a miner that are not gone, faulty ones too, in one call. */
    Set<SectorNumber> sectorNumbers(FilAddress miner);

    /** The proven sectors of a miner that are faulty now, in one call. */
    Set<SectorNumber> faultySectors(FilAddress miner);

    /** Whether the miner actor has ever seen this sector number. */
    boolean isSectorAllocated(FilAddress miner, SectorNumber sector);

    /** The deposit a pre-commit of this sector needs, attoFIL, with Lotus's ten percent. */
    TokenAmount preCommitDeposit(FilAddress miner, SectorPreCommitInfo info);

    /** The pledge that proving a sector needs, attoFIL, with Lotus's ten percent. */
    TokenAmount initialPledge(long durationEpochs, long sectorBytes, long verifiedBytes);

    /** 32 bytes drawn from the ticket chain (seal randomness, tag 5). */
    Bytes ticketRandomness(long tag, Epoch epoch, Bytes entropy);

    /** 32 bytes drawn from the beacon (interactive seed, tag 6); refused for an epoch in the future. */
    Bytes beaconRandomness(long tag, Epoch epoch, Bytes entropy);

    /** Looks for an executed message without waiting, at any depth, accepting one that replaced it. */
    Optional<MessageLookup> search(Cid message);

    /** A message by its CID, executed or pending. */
    Optional<Message> message(Cid message);

    /** The next nonce of a sender, messages in the mempool counted. */
    long nextNonce(FilAddress sender);

    /** The nonce a sender has on chain, messages in the mempool not counted; zero for an unknown sender. */
    long chainNonce(FilAddress sender);

    /** Offers a signed message to the mempool; refused when the mempool does not take it. */
    Cid push(SignedMessage message);

    /**
     * The messages of one sender in blocks since an epoch, the newest block first, by the CIDs they have there. Walks the chain
     * back: not for every day.
     */
    List<Cid> messagesOf(FilAddress sender, Epoch since);

    /** Messages in the mempool. */
    List<SignedMessage> pending();

    /** The same message with gas limit, fee cap and premium filled in; refused when it would fail on chain. */
    Message estimateGas(Message message);

    /** Runs a message on the head's state and forgets it; gas that the message does not name is no limit. */
    Simulation simulate(Message message);

    /**
     * Tells the listener about every change of head, newest last, until closed. The listener runs on a shared thread
     * and must not block. A change may be missed while the connection is down; the next one carries the head that is
     * current then.
     */
    AutoCloseable onHead(Consumer<HeadChange> listener);
}
