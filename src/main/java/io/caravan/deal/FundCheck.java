package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.Methods;
import io.caravan.chain.TipSet;
import io.caravan.chain.WithdrawBalanceParams;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundStore;
import io.caravan.store.FundStore.Account;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.MessageStore;
import io.caravan.store.StoredMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds our rows against the chain at every epoch: Σ reserved + free = escrow − locked. A violation is logged once,
 * counted, and shown until it is over.
 */
public final class FundCheck {

    private static final Logger LOG = LoggerFactory.getLogger(FundCheck.class);

    private final Chain chain;
    private final FundStore funds;
    private final MessageStore messages;
    private final FundMarket market;
    private final Map<FilAddress, String> wrong = new ConcurrentHashMap<>();
    private final AtomicLong violations = new AtomicLong();
    private @Nullable TipSet lastHead;
    private long lastMoves = -1;
    private volatile @Nullable Epoch checked;

    public FundCheck(FundKeeper keeper) {
        this.chain = keeper.tools().chain();
        this.funds = keeper.tools().funds();
        this.messages = keeper.tools().messages();
        this.market = keeper.tools().market();
    }

    /** Checks every account, unless neither head nor rows changed since the last time. Not for two threads at once. */
    public void tick() {
        try {
            TipSet head = chain.head();
            long moves = funds.moves();
            if (head.equals(lastHead) && moves == lastMoves) {
                return;
            }
            boolean isWhole = true;
            for (Account account : funds.accounts()) {
                Optional<FundBooks> books = read(account.address());
                books.ifPresent(this::judge);
                isWhole &= books.isPresent();
            }
            if (isWhole) {
                lastHead = head;
                lastMoves = moves;
                checked = head.epoch();
            }
        } catch (RetryableException | ChainRefusedException e) {
            LOG.debug("the funds are checked later: {}", e.getMessage());
        }
    }

    private void judge(FundBooks books) {
        String violation = books.violation();
        if (violation == null) {
            if (wrong.remove(books.address()) != null) {
                LOG.info("the funds of {} are right again", books.address());
            }
        } else if (wrong.put(books.address(), violation) == null) {
            violations.incrementAndGet();
            LOG.warn("funds: {}", violation);
        }
    }

    /** The address's money now; empty when rows or chain moved while it was read. */
    public Optional<FundBooks> read(FilAddress address) {
        Account account = funds.account(address);
        List<Hold> holds = funds.holds(address);
        StoredMessage message = Optional.ofNullable(account.messageKey()).flatMap(messages::find).orElse(null);
        boolean wasExecuted = isExecuted(message);
        Epoch head = chain.head().epoch();
        FundMarket.Seen seen = market.look(address, holds.stream().filter(Hold::isCounted).toList());
        if (wasExecuted != isExecuted(message) || funds.account(address).version() != account.version()) {
            return Optional.empty();
        }
        TokenAmount reserved = holds.stream()
                .filter(hold -> hold.isCounted() && !seen.locked().contains(hold.proposalCid())).map(Hold::amount)
                .reduce(TokenAmount.ZERO, TokenAmount::plus);
        return Optional.of(new FundBooks(address, head, seen.balance(), holds, seen.locked(), reserved,
                account.reserved(), message, message == null || wasExecuted ? TokenAmount.ZERO : effect(message)));
    }

    /** Addresses whose figures do not add up, each with the sentence that says how. */
    public Map<FilAddress, String> wrong() {
        return Map.copyOf(wrong);
    }

    /** How often an address's figures stopped to add up since the start. */
    public long violations() {
        return violations.get();
    }

    /** The epoch of the last whole check; null before the first. */
    public @Nullable Epoch checked() {
        return checked;
    }

    /** What a message has done so far; a failed top-up counts as coming until its holds are given back. */
    private boolean isExecuted(@Nullable StoredMessage message) {
        return message != null && message.cid() != null && chain.search(message.cid())
                .filter(found -> found.receipt().isOk() || isWithdrawal(message)).isPresent();
    }

    private static TokenAmount effect(StoredMessage message) {
        return isWithdrawal(message)
                ? TokenAmount.ZERO.minus(WithdrawBalanceParams.ofCbor(message.intent().params().toArray()).amount())
                : message.intent().value();
    }

    private static boolean isWithdrawal(StoredMessage message) {
        return message.intent().method() == Methods.MARKET_WITHDRAW_BALANCE;
    }
}
