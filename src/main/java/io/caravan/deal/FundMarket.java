package io.caravan.deal;

import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.MarketView;
import io.caravan.chain.Methods;
import io.caravan.chain.WithdrawBalanceParams;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.Signer;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.store.DealStore;
import io.caravan.store.FundStore;
import io.caravan.store.FundStore.Escrow;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.MessageIntent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chain as a round of the fund manager needs it (deal-lifecycle §9.2): what lies in escrow, and which holds the
 * chain has locked itself by publishing their deal. Those stay open until the publication is deep enough, but their
 * money has left what is available from the epoch on that moved it, so they no longer count against it.
 */
public final class FundMarket implements FundStore.Market {

    private static final Logger LOG = LoggerFactory.getLogger(FundMarket.class);
    private static final int METHOD_NOT_FOUND = -32601;

    /** What the chain had at the last look; whose deals it had locked cannot change while the balance does not. */
    record Seen(MarketBalance balance, Set<Cid> locked) {}

    private final Chain chain;
    private final DealStore deals;
    private final Signer signer;
    private final Map<FilAddress, Seen> last = new ConcurrentHashMap<>();
    private volatile boolean isBlind;

    public FundMarket(Chain chain, DealStore deals, Signer signer) {
        this.chain = chain;
        this.deals = deals;
        this.signer = signer;
    }

    @Override
    public Escrow escrow(FilAddress address, List<Hold> counted) {
        Seen seen = look(address, counted);
        return new Escrow(seen.balance().available(), seen.locked());
    }

    /** Escrow, locked funds, and which of the holds are among what is locked, all at one head. */
    Seen look(FilAddress address, List<Hold> counted) {
        Seen before = last.get(address);
        MarketBalance balance = chain.marketBalance(address);
        if (before != null && before.balance().equals(balance)) {
            return before;
        }
        Map<Cid, DealProposal> published = isBlind ? Map.of() : proposals(counted);
        Map<Cid, Cid> keys = new HashMap<>();
        published.forEach((proposalCid, proposal) -> keys.put(proposalCid, proposal.cid()));
        Optional<MarketView> view = view(address, keys);
        if (view.isEmpty()) {
            return new Seen(balance, Set.of());
        }
        Set<Cid> locked = new HashSet<>();
        published.forEach((proposalCid, proposal) -> {
            boolean hasBegun = !view.get().head().epoch().isBefore(proposal.startEpoch());
            if (view.get().pending().contains(keys.get(proposalCid))
                    || hasBegun && before != null && before.locked().contains(proposalCid)) {
                locked.add(proposalCid);
            }
        });
        Seen seen = new Seen(view.get().balance(), Set.copyOf(locked));
        last.put(address, seen);
        return seen;
    }

    /** A chain node too old for the question leaves every hold counted until it is released: early, never late. */
    private Optional<MarketView> view(FilAddress address, Map<Cid, Cid> keys) {
        try {
            return Optional.of(chain.marketView(address, keys.values()));
        } catch (ChainRefusedException e) {
            if (e.code() != METHOD_NOT_FOUND) {
                throw e;
            }
            isBlind = true;
            LOG.warn("the chain node cannot say which proposals are pending ({}): top-ups may come early", e.getMessage());
            return Optional.empty();
        }
    }

    /** The holds' proposals as the market keys them, with ID addresses; a client the chain never saw has none there. */
    private Map<Cid, DealProposal> proposals(List<Hold> counted) {
        Map<FilAddress, Optional<FilAddress>> ids = new HashMap<>();
        Map<Cid, DealProposal> proposals = new HashMap<>();
        for (Purpose purpose : List.of(Purpose.CLIENT_PAYMENT, Purpose.PROVIDER_COLLATERAL)) {
            Role role = purpose == Purpose.CLIENT_PAYMENT ? Role.CLIENT : Role.PROVIDER;
            List<Cid> held = counted.stream().filter(hold -> hold.purpose() == purpose).map(Hold::proposalCid).toList();
            if (held.isEmpty()) {
                continue;
            }
            deals.findAll(held, role).forEach((proposalCid, deal) -> {
                DealProposal proposal = deal.proposal().proposal();
                ids.computeIfAbsent(proposal.client(), chain::lookupId)
                        .ifPresent(id -> proposals.put(proposalCid, proposal.withClient(id)));
            });
        }
        return proposals;
    }

    @Override
    public TokenAmount purse(FilAddress wallet) {
        return signer.has(wallet) ? chain.walletBalance(wallet) : TokenAmount.ZERO;
    }

    /** Whether this node can sign for the wallet at all. */
    boolean hasKey(FilAddress wallet) {
        return signer.has(wallet);
    }

    @Override
    public MessageIntent topUp(String key, FilAddress wallet, FilAddress address, TokenAmount amount) {
        return new MessageIntent(key, wallet, Methods.MARKET, Methods.MARKET_ADD_BALANCE, amount,
                Bytes.wrap(new AddBalanceParams(address).toCbor()), "top up the market escrow of " + address);
    }

    @Override
    public MessageIntent withdrawal(String key, FilAddress wallet, FilAddress address, TokenAmount amount) {
        return new MessageIntent(key, wallet, Methods.MARKET, Methods.MARKET_WITHDRAW_BALANCE, TokenAmount.ZERO,
                Bytes.wrap(new WithdrawBalanceParams(address, amount).toCbor()),
                "withdraw " + amount + " from the market escrow of " + address);
    }
}
