package io.caravan.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.CollateralBounds;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcError;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The chain behind a Lotus full node's JSON-RPC ({@code /rpc/v1}); the devnet speaks the same methods (chain-and-rpc
 * §2.4).
 *
 * <p>Safe for many threads; keeps nothing but the network's parameters.
 */
public final class LotusChain implements Chain {

    private static final JsonNode HEAD = NullNode.getInstance();

    private static final int MAX_SECTORS = 10_000_000;

    private final ChainRpc rpc;
    private final Heads heads;
    private volatile @Nullable NetworkParams params;

    /** Calls through the client; heads come from the feed, which the caller closes. */
    public LotusChain(RpcClient client, HeadFeed heads) {
        this(new NodeRpc(client), heads);
    }

    /** Calls by any other way; heads come from whoever tells of them. */
    public LotusChain(ChainRpc rpc, Heads heads) {
        this.rpc = rpc;
        this.heads = heads;
    }

    @Override
    public TipSet head() {
        return ChainJson.tipSet(rpc.call("ChainHead"));
    }

    @Override
    public NetworkParams networkParams() {
        NetworkParams known = params;
        if (known == null) {
            known = ChainJson.networkParams(rpc.call("StateGetNetworkParams"));
            params = known;
        }
        return known;
    }

    @Override
    public int networkVersion() {
        return (int) ChainJson.number(rpc.call("StateNetworkVersion", HEAD));
    }

    @Override
    public TokenAmount walletBalance(FilAddress address) {
        return ChainJson.amount(rpc.call("WalletBalance", address.toString()));
    }

    @Override
    public MarketBalance marketBalance(FilAddress address) {
        return marketBalance(address, HEAD);
    }

    private MarketBalance marketBalance(FilAddress address, JsonNode tipSet) {
        return unlessUnknown(() -> {
            JsonNode json = rpc.call("StateMarketBalance", address.toString(), tipSet);
            return new MarketBalance(ChainJson.amount(ChainJson.field(json, "Escrow")),
                    ChainJson.amount(ChainJson.field(json, "Locked")));
        }).orElse(new MarketBalance(TokenAmount.ZERO, TokenAmount.ZERO));
    }

    @Override
    public MarketView marketView(FilAddress address, Collection<Cid> proposals) {
        TipSet head = head();
        JsonNode at = ChainJson.json(head.key());
        Set<Cid> pending = new HashSet<>();
        for (Cid proposal : proposals) {
            if (rpc.call("StateMarketProposalPending", ChainJson.json(proposal), at).asBoolean()) {
                pending.add(proposal);
            }
        }
        return new MarketView(head, marketBalance(address, at), pending);
    }

    @Override
    public MinerInfo minerInfo(FilAddress miner) {
        return ChainJson.minerInfo(rpc.call("StateMinerInfo", miner.toString(), HEAD));
    }

    @Override
    public ProvingDeadline provingDeadline(FilAddress miner) {
        return ChainJson.provingDeadline(rpc.call("StateMinerProvingDeadline", miner.toString(), HEAD));
    }

    @Override
    public List<ProvingPartition> provingPartitions(FilAddress miner, long deadline) {
        JsonNode found = rpc.call("StateMinerPartitions", miner.toString(), deadline, HEAD);
        if (found.isEmpty()) {
            return List.of();
        }
        JsonNode deadlines = rpc.call("StateMinerDeadlines", miner.toString(), HEAD);
        BitField proven = ChainJson.bitField(ChainJson.field(deadlines.path((int) deadline), "PostSubmissions"));
        List<ProvingPartition> partitions = new ArrayList<>();
        ChainJson.list(found, one -> partitions.add(ChainJson.partition(one, partitions.size(), proven)));
        return partitions;
    }

    @Override
    public Optional<FilAddress> lookupId(FilAddress address) {
        return unlessUnknown(() -> ChainJson.address(rpc.call("StateLookupID", address.toString(), HEAD)));
    }

    @Override
    public FilAddress accountKey(FilAddress address) {
        if (address.isKey()) {
            return address; // what a node answers, too, whether or not the account exists
        }
        return ChainJson.address(rpc.call("StateAccountKey", address.toString(), HEAD));
    }

    @Override
    public Optional<MarketDeal> storageDeal(long dealId) {
        return unlessUnknown(() -> ChainJson.marketDeal(rpc.call("StateMarketStorageDeal", dealId, HEAD)));
    }

    @Override
    public Optional<MarketDeal> storageDealAt(long dealId, Epoch at) {
        JsonNode key = ChainJson.field(rpc.call("ChainGetTipSetByHeight", at.value(), HEAD), "Cids");
        return unlessUnknown(() -> ChainJson.marketDeal(rpc.call("StateMarketStorageDeal", dealId, key)));
    }

    @Override
    public Epoch lastTipSet(Epoch at) {
        return ChainJson.tipSet(rpc.call("ChainGetTipSetByHeight", at.value(), HEAD)).epoch();
    }

    @Override
    public List<DealTermination> terminatedDeals(Epoch from, Epoch to) {
        return EventJson.terminations(rpc.call("GetActorEventsRaw", EventJson.terminationsOf(from, to)));
    }

    @Override
    public CollateralBounds collateralBounds(PaddedPieceSize pieceSize, boolean verified) {
        JsonNode json = rpc.call("StateDealProviderCollateralBounds", pieceSize.bytes(), verified, HEAD);
        return new CollateralBounds(ChainJson.amount(ChainJson.field(json, "Min")),
                ChainJson.amount(ChainJson.field(json, "Max")));
    }

    @Override
    public Optional<BigInteger> verifiedDatacap(FilAddress client) {
        return unlessUnknown(() -> present(rpc.call("StateVerifiedClientStatus", client.toString(), HEAD)))
                .flatMap(found -> found).map(ChainJson::big);
    }

    @Override
    public Optional<PendingAllocation> pendingAllocation(long dealId) {
        return unlessUnknown(() -> ChainJson.number(rpc.call("StateGetAllocationIdForPendingDeal", dealId, HEAD)))
                .filter(id -> id != 0)
                .flatMap(id -> present(rpc.call("StateGetAllocationForPendingDeal", dealId, HEAD))
                        .map(found -> ChainJson.allocation(id, found)));
    }

    @Override
    public Optional<PreCommittedSector> preCommit(FilAddress miner, SectorNumber sector) {
        return present(rpc.call("StateSectorPreCommitInfo", miner.toString(), sector.value(), HEAD))
                .map(ChainJson::preCommit);
    }

    @Override
    public Optional<OnChainSector> sector(FilAddress miner, SectorNumber sector) {
        return present(rpc.call("StateSectorGetInfo", miner.toString(), sector.value(), HEAD)).map(ChainJson::sector);
    }

    @Override
    public Set<SectorNumber> sectorNumbers(FilAddress miner) {
        return Set.copyOf(ChainJson.list(rpc.call("StateMinerSectors", miner.toString(), null, HEAD),
                sector -> SectorNumber.of(ChainJson.number(ChainJson.field(sector, "SectorNumber")))));
    }

    @Override
    public Set<SectorNumber> faultySectors(FilAddress miner) {
        List<Long> runs = ChainJson.list(rpc.call("StateMinerFaults", miner.toString(), HEAD), ChainJson::number);
        return BitField.ofRuns(runs).numbers(MAX_SECTORS).stream().map(SectorNumber::of).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean isSectorAllocated(FilAddress miner, SectorNumber sector) {
        return rpc.call("StateMinerSectorAllocated", miner.toString(), sector.value(), HEAD).asBoolean();
    }

    @Override
    public TokenAmount preCommitDeposit(FilAddress miner, SectorPreCommitInfo info) {
        return ChainJson.amount(rpc.call("StateMinerPreCommitDepositForPower", miner.toString(), ChainJson.json(info),
                HEAD));
    }

    @Override
    public TokenAmount initialPledge(long durationEpochs, long sectorBytes, long verifiedBytes) {
        return ChainJson.amount(
                rpc.call("StateMinerInitialPledgeForSector", durationEpochs, sectorBytes, verifiedBytes, HEAD));
    }

    @Override
    public Bytes ticketRandomness(long tag, Epoch epoch, Bytes entropy) {
        return randomness("StateGetRandomnessFromTickets", tag, epoch, entropy);
    }

    @Override
    public Bytes beaconRandomness(long tag, Epoch epoch, Bytes entropy) {
        return randomness("StateGetRandomnessFromBeacon", tag, epoch, entropy);
    }

    private Bytes randomness(String method, long tag, Epoch epoch, Bytes entropy) {
        return ChainJson.bytes(rpc.call(method, tag, epoch.value(), entropy.base64(), HEAD));
    }

    @Override
    public Optional<MessageLookup> search(Cid message) {
        return present(rpc.call("StateSearchMsg", HEAD, ChainJson.json(message), -1, true)).map(ChainJson::lookup);
    }

    @Override
    public Optional<Message> message(Cid message) {
        return unlessUnknown(() -> ChainJson.message(rpc.call("ChainGetMessage", ChainJson.json(message))));
    }

    @Override
    public long nextNonce(FilAddress sender) {
        return unlessUnknown(() -> ChainJson.number(rpc.call("MpoolGetNonce", sender.toString()))).orElse(0L);
    }

    @Override
    public long chainNonce(FilAddress sender) {
        return unlessUnknown(() -> ChainJson.number(
                ChainJson.field(rpc.call("StateGetActor", sender.toString(), HEAD), "Nonce"))).orElse(0L);
    }

    @Override
    public Cid push(SignedMessage message) {
        return ChainJson.cid(rpc.call("MpoolPush", ChainJson.json(message)));
    }

    @Override
    public List<Cid> messagesOf(FilAddress sender, Epoch since) {
        JsonNode found = rpc.call("StateListMessages", Map.of("From", sender.toString()), HEAD, since.value());
        return found.isNull() ? List.of() : ChainJson.list(found, ChainJson::cid);
    }

    @Override
    public List<SignedMessage> pending() {
        return ChainJson.list(rpc.call("MpoolPending", HEAD), ChainJson::signedMessage);
    }

    @Override
    public Message estimateGas(Message message) {
        return ChainJson.message(rpc.call("GasEstimateMessageGas", ChainJson.json(message), HEAD, HEAD));
    }

    @Override
    public Simulation simulate(Message message) {
        JsonNode json = rpc.call("StateCall", ChainJson.json(message), HEAD);
        return new Simulation(ChainJson.receipt(ChainJson.field(json, "MsgRct")), json.path("Error").asText(""));
    }

    @Override
    public Optional<Boolean> isPending(DealProposal proposal) {
        try {
            return Optional.of(rpc.call("StateMarketProposalPending", ChainJson.json(proposal.cid()), HEAD).asBoolean());
        } catch (ChainRefusedException e) {
            if (e.code() == RpcError.METHOD_NOT_FOUND.code()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public AutoCloseable onHead(Consumer<HeadChange> listener) {
        return heads.listen(listener);
    }

    private static Optional<JsonNode> present(JsonNode json) {
        return json.isNull() || json.isMissingNode() ? Optional.empty() : Optional.of(json);
    }

    /** Lotus has no code of its own for "not there", only these sentences (chain-and-rpc §2.4). */
    private static <T> Optional<T> unlessUnknown(Supplier<T> read) {
        try {
            return Optional.of(read.get());
        } catch (ChainRefusedException e) {
            String sentence = String.valueOf(e.getMessage());
            if (sentence.contains("not found") || sentence.contains("could not find")
                    || sentence.contains("does not exist")) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
