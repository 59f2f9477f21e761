package io.caravan.support;

import io.caravan.chain.BitField;
import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.DealTermination;
import io.caravan.chain.HeadChange;
import io.caravan.chain.MarketDeal;
import io.caravan.chain.MarketView;
import io.caravan.chain.Message;
import io.caravan.chain.MessageLookup;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.Methods;
import io.caravan.chain.MinerInfo;
import io.caravan.chain.NetworkParams;
import io.caravan.chain.OnChainSector;
import io.caravan.chain.PendingAllocation;
import io.caravan.chain.PreCommittedSector;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.ProvingDeadline;
import io.caravan.chain.ProvingPartition;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.chain.SignedMessage;
import io.caravan.chain.Simulation;
import io.caravan.chain.TipSet;
import io.caravan.chain.TipSetKey;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import io.caravan.model.CollateralBounds;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.RetryableException;
import io.caravan.model.SectorNumber;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A chain made of what a test says: it moves only when told to, and remembers what was pushed. */
public final class FakeChain implements Chain {

    private volatile String network = "fake";
    private final Map<FilAddress, FilAddress> ids = new HashMap<>();
    private final Map<FilAddress, MarketBalance> escrows = new HashMap<>();
    private final Map<FilAddress, BigInteger> coins = new HashMap<>();
    private final Set<Cid> pending = new HashSet<>();
    private final Map<FilAddress, BigInteger> datacaps = new HashMap<>();
    private final Map<FilAddress, Long> nonces = new HashMap<>();
    private final Map<FilAddress, MinerInfo> miners = new HashMap<>();
    private final Map<Long, MarketDeal> deals = new HashMap<>();
    private final Map<SectorNumber, PreCommittedSector> preCommits = new HashMap<>();
    private final Map<SectorNumber, OnChainSector> proven = new HashMap<>();
    private final Map<Cid, MessageLookup> landed = new HashMap<>();
    private final List<SignedMessage> pushed = new ArrayList<>();
    private CollateralBounds bounds =
            new CollateralBounds(TokenAmount.ZERO, TokenAmount.ofAtto(BigInteger.TEN.pow(27)));
    private long epoch;
    private boolean isAway;
    private boolean isMarketAgainst;
    private String refusal = "";
    private String estimateRefusal = "";
    private Predicate<Message> isRefused = message -> false;
    private long fork;
    private final Map<Cid, String> dropped = new HashMap<>();
    private final Map<Cid, String> sinking = new HashMap<>();
    private final Set<Cid> pendingProposals = new HashSet<>();
    private int simulations;
    private long gasPerDeal;
    private TokenAmount baseFee = TokenAmount.ZERO;
    private TokenAmount wallets = TokenAmount.ofAtto(BigInteger.TEN.pow(21));
    private final Map<Long, Map.Entry<Long, MarketDeal>> droppedDeals = new HashMap<>();
    private final List<DealTermination> terminations = new ArrayList<>();
    private boolean hasEvents = true;
    private int dealLooks;
    private final Set<SectorNumber> faulty = new HashSet<>();
    private final Map<SectorNumber, PreCommittedSector> proved = new HashMap<>();
    private final Map<SectorNumber, OnChainSector> unproven = new HashMap<>();
    private int eventLooks;

    private FakeChain(long epoch) {
        this.epoch = epoch;
    }

    public static FakeChain at(long epoch) {
        return new FakeChain(epoch);
    }

    public void to(long next) {
        epoch = next;
    }

    /** From now on estimates of prove-commits fail that require the market to take each deal. */
    public void marketRefusesDeals() {
        isMarketAgainst = true;
    }

    /** The network's name from now on. */
    public void named(String name) {
        network = name;
    }

    /** From now on nobody answers, until told otherwise. */
    public void away(boolean isAwayNow) {
        isAway = isAwayNow;
    }

    /** The mempool answers with this sentence; empty to take messages again. */
    public void refusePushes(String sentence) {
        refusal = sentence;
    }

    public FakeChain account(FilAddress key, FilAddress id) {
        ids.put(key, id);
        return this;
    }

    public FakeChain escrow(FilAddress address, BigInteger escrow, BigInteger locked) {
        escrows.put(address, new MarketBalance(TokenAmount.ofAtto(escrow), TokenAmount.ofAtto(locked)));
        return this;
    }

    /** The market has published this proposal, by its own CID with ID addresses. */
    public void pending(Cid proposal, boolean isPending) {
        if (isPending) {
            pending.add(proposal);
        } else {
            pending.remove(proposal);
        }
    }

    /** An account's coins; rich where a test says nothing. */
    public FakeChain wallet(FilAddress address, BigInteger atto) {
        coins.put(address, atto);
        return this;
    }

    public FakeChain datacap(FilAddress address, BigInteger bytes) {
        datacaps.put(address, bytes);
        return this;
    }

    public FakeChain miner(FilAddress address, MinerInfo info) {
        miners.put(address, info);
        return this;
    }

    public FakeChain collateral(BigInteger min) {
        bounds = new CollateralBounds(TokenAmount.ofAtto(min), bounds.max());
        return this;
    }

    public FakeChain deal(long id, MarketDeal deal) {
        deals.put(id, deal);
        return this;
    }

    /** Takes a deal off the chain at the present epoch. */
    public void dropDeal(long id) {
        MarketDeal was = deals.remove(id);
        if (was != null) {
            droppedDeals.put(id, Map.entry(epoch, was));
        }
    }

    /** The chain announces that the deal was terminated at the present epoch. */
    public void announceTermination(long id) {
        terminations.add(new DealTermination(id, Epoch.of(epoch)));
    }

    /** Announces what was announced before no more. */
    public void retractTerminations() {
        terminations.clear();
    }

    /** The node keeps no events from now on, or keeps them again. */
    public void keepsEvents(boolean isKept) {
        hasEvents = isKept;
    }

    /** How often each deal was asked for by its number, and how often events were. */
    public int dealLooks() {
        return dealLooks;
    }

    public int eventLooks() {
        return eventLooks;
    }

    public void preCommitted(PreCommittedSector sector) {
        preCommits.put(sector.sector(), sector);
    }

    /** Takes a sector off the chain, pre-committed or proven. */
    public void drop(SectorNumber sector) {
        preCommits.remove(sector);
        proven.remove(sector);
    }

    public void proven(OnChainSector sector) {
        PreCommittedSector was = preCommits.remove(sector.sector());
        if (was != null) {
            proved.put(sector.sector(), was);
        }
        proven.put(sector.sector(), sector);
    }

    /** A reorganisation: all randomness is another one from now on. */
    public void fork() {
        fork++;
    }

    /** No message works on chain, says the node; empty to let them work again. */
    /** Gas of the messages that this is true of is not estimated. */
    public void refuseEstimatesOf(Predicate<Message> refused) {
        isRefused = refused;
    }

    public void refuseEstimates(String sentence) {
        estimateRefusal = sentence;
    }

    /** Executes a pushed message at the present epoch. */
    public void land(Cid message, long exitCode, Bytes returned) {
        landed.put(message, new MessageLookup(message, new MessageReceipt(exitCode, returned, 1000, null),
                Epoch.of(epoch)));
        pushed.stream().filter(signed -> signed.cid().equals(message)).findFirst()
                .ifPresent(signed -> nonces.merge(signed.message().from(), signed.message().nonce() + 1, Math::max));
    }

    /** A reorganisation took the block with that message back, and the nonce with it. */
    public void unland(Cid message) {
        landed.remove(message);
        pushed.stream().filter(signed -> signed.cid().equals(message)).findFirst()
                .ifPresent(signed -> nonces.put(signed.message().from(), signed.message().nonce()));
    }

    /** Lets the asked-for message be replaced by another one. */
    public void replace(Cid asked, Cid by, long exitCode, Bytes returned) {
        landed.put(asked, new MessageLookup(by, new MessageReceipt(exitCode, returned, 1000, null), Epoch.of(epoch)));
    }

    public void nonce(FilAddress sender, long next) {
        nonces.put(sender, next);
    }

    public List<SignedMessage> pushed() {
        return List.copyOf(pushed);
    }

    private void answer() {
        if (isAway) {
            throw new RetryableException("the chain is away");
        }
    }

    @Override
    public TipSet head() {
        answer();
        return new TipSet(new TipSetKey(List.of()), Epoch.of(epoch), Instant.EPOCH.plusSeconds(30 * epoch),
                baseFee);
    }

    @Override
    public NetworkParams networkParams() {
        answer();
        return new NetworkParams(network, Duration.ofSeconds(30), 10, Instant.EPOCH, "");
    }

    @Override
    public int networkVersion() {
        return 28;
    }

    @Override
    public TokenAmount walletBalance(FilAddress address) {
        answer();
        return coins.containsKey(address) ? TokenAmount.ofAtto(coins.get(address)) : wallets;
    }

    @Override
    public MarketBalance marketBalance(FilAddress address) {
        answer();
        return escrows.getOrDefault(address, new MarketBalance(TokenAmount.ZERO, TokenAmount.ZERO));
    }

    @Override
    public MarketView marketView(FilAddress address, Collection<Cid> proposals) {
        return new MarketView(head(), marketBalance(address),
                proposals.stream().filter(pending::contains).collect(Collectors.toSet()));
    }

    @Override
    public MinerInfo minerInfo(FilAddress miner) {
        answer();
        MinerInfo info = miners.get(miner);
        if (info == null) {
            throw new ChainRefusedException("StateMinerInfo", 1, "actor not found");
        }
        return info;
    }

    @Override
    public ProvingDeadline provingDeadline(FilAddress miner) {
        Epoch now = Epoch.of(epoch);
        return new ProvingDeadline(now, Epoch.of(0), 0, now, now, now, 2880, 48, 70);
    }

    @Override
    public List<ProvingPartition> provingPartitions(FilAddress miner, long deadline) {
        return List.of();
    }

    @Override
    public Optional<FilAddress> lookupId(FilAddress address) {
        answer();
        return Optional.of(ids.getOrDefault(address, address));
    }

    @Override
    public FilAddress accountKey(FilAddress address) {
        answer();
        return ids.entrySet().stream().filter(entry -> entry.getValue().equals(address)).map(Map.Entry::getKey)
                .findFirst()
                .orElse(address);
    }

    @Override
    public Optional<MarketDeal> storageDeal(long dealId) {
        answer();
        dealLooks++;
        return Optional.ofNullable(deals.get(dealId));
    }

    @Override
    public Optional<MarketDeal> storageDealAt(long dealId, Epoch at) {
        answer();
        Map.Entry<Long, MarketDeal> gone = droppedDeals.get(dealId);
        return gone != null && at.value() <= gone.getKey() ? Optional.of(gone.getValue())
                : Optional.ofNullable(deals.get(dealId));
    }

    @Override
    public Epoch lastTipSet(Epoch at) {
        answer();
        return at;
    }

    @Override
    public List<DealTermination> terminatedDeals(Epoch from, Epoch to) {
        answer();
        eventLooks++;
        if (!hasEvents) {
            throw new ChainRefusedException("GetActorEventsRaw", 1, "actor event API is disabled");
        }
        return terminations.stream().filter(ended -> !ended.epoch().isBefore(from) && !ended.epoch().isAfter(to))
                .toList();
    }

    @Override
    public CollateralBounds collateralBounds(PaddedPieceSize pieceSize, boolean verified) {
        answer();
        return bounds;
    }

    @Override
    public Optional<BigInteger> verifiedDatacap(FilAddress client) {
        answer();
        return Optional.ofNullable(datacaps.get(client));
    }

    @Override
    public Optional<PendingAllocation> pendingAllocation(long dealId) {
        answer();
        return Optional.empty();
    }

    @Override
    public Optional<PreCommittedSector> preCommit(FilAddress miner, SectorNumber sector) {
        answer();
        return Optional.ofNullable(preCommits.get(sector));
    }

    @Override
    public Optional<OnChainSector> sector(FilAddress miner, SectorNumber sector) {
        answer();
        return Optional.ofNullable(proven.get(sector));
    }

    @Override
    public Set<SectorNumber> sectorNumbers(FilAddress miner) {
        answer();
        return Set.copyOf(proven.keySet());
    }

    @Override
    public Set<SectorNumber> faultySectors(FilAddress miner) {
        answer();
        return Set.copyOf(faulty);
    }

    /** A reorganisation: a proven sector is only pre-committed, as it was before. */
    public void unprove(SectorNumber sector) {
        unproven.put(sector, proven.remove(sector));
        preCommits.put(sector, proved.get(sector));
    }

    /** Its proof lands again. */
    public void proveAgain(SectorNumber sector) {
        proven(unproven.remove(sector));
    }

    /** Declares a sector faulty, or recovered. */
    public void fault(SectorNumber sector, boolean isFaulty) {
        if (isFaulty) {
            faulty.add(sector);
        } else {
            faulty.remove(sector);
        }
    }

    @Override
    public boolean isSectorAllocated(FilAddress miner, SectorNumber sector) {
        return false;
    }

    @Override
    public TokenAmount preCommitDeposit(FilAddress miner, SectorPreCommitInfo info) {
        answer();
        return TokenAmount.ofAtto(5);
    }

    @Override
    public TokenAmount initialPledge(long durationEpochs, long sectorBytes, long verifiedBytes) {
        answer();
        return TokenAmount.ofAtto(12);
    }

    @Override
    public Bytes ticketRandomness(long tag, Epoch at, Bytes entropy) {
        return randomness(tag, at, entropy);
    }

    @Override
    public Bytes beaconRandomness(long tag, Epoch at, Bytes entropy) {
        return randomness(tag, at, entropy);
    }

    private Bytes randomness(long tag, Epoch at, Bytes entropy) {
        answer();
        if (at.value() > epoch) {
            throw new ChainRefusedException("StateGetRandomness", 1, "cannot draw randomness from the future");
        }
        return Bytes.wrap(Hashes.sha256((tag + "/" + at + "/" + entropy.hex() + "/" + fork)
                .getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public Optional<MessageLookup> search(Cid message) {
        answer();
        return Optional.ofNullable(landed.get(message));
    }

    @Override
    public Optional<Message> message(Cid message) {
        answer();
        return pushed.stream().filter(signed -> signed.cid().equals(message)).map(SignedMessage::message).findFirst();
    }

    @Override
    public long nextNonce(FilAddress sender) {
        answer();
        long pending = pushed.stream().filter(signed -> signed.message().from().equals(sender))
                .mapToLong(signed -> signed.message().nonce() + 1).max().orElse(0);
        return Math.max(pending, chainNonce(sender));
    }

    @Override
    public long chainNonce(FilAddress sender) {
        answer();
        return nonces.getOrDefault(sender, 0L);
    }

    @Override
    public Cid push(SignedMessage message) {
        answer();
        if (!refusal.isEmpty()) {
            throw new ChainRefusedException("MpoolPush", 1, refusal);
        }
        if (message.message().nonce() < chainNonce(message.message().from())) {
            throw new ChainRefusedException("MpoolPush", 1, "message nonce too low");
        }
        if (!pushed.contains(message)) {
            pushed.add(message);
        }
        return message.cid();
    }

    @Override
    public List<Cid> messagesOf(FilAddress sender, Epoch since) {
        return pushed.stream().filter(signed -> signed.message().from().equals(sender) && landed.containsKey(signed.cid())
                && landed.get(signed.cid()).epoch().compareTo(since) >= 0).map(SignedMessage::cid).toList();
    }

    @Override
    public List<SignedMessage> pending() {
        return pushed.stream().filter(signed -> !landed.containsKey(signed.cid())).toList();
    }

    @Override
    public Message estimateGas(Message message) {
        answer();
        if (isRefused.test(message)) {
            throw new ChainRefusedException("GasEstimateMessageGas", 1, "message execution failed");
        }
        if (!estimateRefusal.isEmpty()) {
            throw new ChainRefusedException("GasEstimateMessageGas", 1, estimateRefusal);
        }
        if (isMarketAgainst && message.method() == Methods.MINER_PROVE_COMMIT_SECTORS3
                && ProveCommitSectors3Params.ofCbor(message.params().toArray()).isNotificationRequired()) {
            throw new ChainRefusedException("GasEstimateMessageGas", 1, "the market did not take a deal (exit 1004)");
        }
        long gas = gasPerDeal == 0 || message.method() != Methods.MARKET_PUBLISH_STORAGE_DEALS ? 1_000_000
                : gasPerDeal * PublishStorageDealsParams.ofCbor(message.params().toArray()).deals().size();
        return message.withGas(gas, TokenAmount.ofAtto(BigInteger.valueOf(200)),
                TokenAmount.ofAtto(BigInteger.valueOf(100)));
    }

    @Override
    public Simulation simulate(Message message) {
        answer();
        simulations++;
        if (message.method() != Methods.MARKET_PUBLISH_STORAGE_DEALS || !message.to().equals(Methods.MARKET)) {
            return new Simulation(new MessageReceipt(0, Bytes.EMPTY, 1000, null), "");
        }
        List<SignedProposal> deals = PublishStorageDealsParams.ofCbor(message.params().toArray()).deals();
        Optional<String> sunk = deals.stream().map(deal -> sinking.get(deal.proposalCid())).filter(Objects::nonNull)
                .findFirst();
        List<Long> valid = new ArrayList<>();
        for (int place = 0; place < deals.size(); place++) {
            if (!dropped.containsKey(deals.get(place).proposalCid())) {
                valid.add((long) place);
            }
        }
        if (sunk.isPresent() || valid.isEmpty()) {
            return new Simulation(new MessageReceipt(16, Bytes.EMPTY, 1000, null), sunk.orElseGet(() ->
                    dropped.get(deals.get(0).proposalCid())));
        }
        return new Simulation(new MessageReceipt(0, Bytes.wrap(new PublishStorageDealsReturn(valid.stream()
                .map(place -> 700 + place).toList(), BitField.of(valid)).toCbor()), 1000, null), "");
    }

    /** How often somebody tried a message out. */
    public int simulations() {
        return simulations;
    }

    /** The market drops this deal when it is published, for that reason; empty to take it again. */
    public void drops(Cid proposalCid, String reason) {
        if (reason.isEmpty()) {
            dropped.remove(proposalCid);
        } else {
            dropped.put(proposalCid, reason);
        }
    }

    /** Every message that publishes this deal fails as a whole. */
    public void sinks(Cid proposalCid, String reason) {
        sinking.put(proposalCid, reason);
    }

    /** Publishing asks for so much gas a deal. */
    public void gasPerDeal(long gas) {
        gasPerDeal = gas;
    }

    /** What a unit of gas costs at least. */
    public void baseFee(long atto) {
        baseFee = TokenAmount.ofAtto(atto);
    }

    /** What every wallet holds. */
    public void wallets(TokenAmount amount) {
        wallets = amount;
    }

    /** The market holds this proposal, given with the client's ID address. */
    public void holdsPending(DealProposal proposal) {
        pendingProposals.add(proposal.cid());
    }

    @Override
    public Optional<Boolean> isPending(DealProposal proposal) {
        answer();
        return Optional.of(pendingProposals.contains(proposal.cid()));
    }

    @Override
    public AutoCloseable onHead(Consumer<HeadChange> listener) {
        return () -> { };
    }
}
