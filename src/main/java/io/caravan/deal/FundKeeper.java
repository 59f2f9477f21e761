package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.Landing;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.WalletShortException;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.PhaseException;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.store.FundRequests;
import io.caravan.store.FundRequests.Kind;
import io.caravan.store.FundRequests.Request;
import io.caravan.store.FundRequests.State;
import io.caravan.store.FundStore;
import io.caravan.store.FundStore.Account;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.FundStore.HoldState;
import io.caravan.store.MessageStore;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.StoredMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the money of each address on: watches the one message that is on its way, then lets the next round treat what
 * waits behind it. Says for a hold that cannot be paid for what it takes. The bean of the route that ticks.
 */
public final class FundKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(FundKeeper.class);

    private final Tools tools;
    private final Supplier<Ceiling> ceiling;
    private final LongSupplier confidence;
    private final Clock clock;

    /** What moving money works with. */
    public record Tools(Chain chain, FundStore funds, FundRequests requests, MessageStore messages, MessageLane lane,
            MessageWatcher watcher, FundMarket market) {}

    /**
     * The most that top-ups may move in 24 hours.
     *
     * @param amount attoFIL; zero for no limit
     * @param setting the key by which an operator sets it
     */
    public record Ceiling(TokenAmount amount, String setting) {
        public static final Ceiling NONE = new Ceiling(TokenAmount.ZERO, "");
    }

    /** @param confidence epochs on top of a message before its money counts */
    public FundKeeper(Tools tools, Supplier<Ceiling> ceiling, LongSupplier confidence, Clock clock) {
        this.tools = tools;
        this.ceiling = ceiling;
        this.confidence = confidence;
        this.clock = clock;
    }

    Tools tools() {
        return tools;
    }

    /**
     * What top-ups moved in the last 24 hours beside what they may.
     *
     * @param moved by top-ups that count
     */
    public record Day(Ceiling ceiling, FundStore.ToppedUp moved) {}

    public Day day(Instant now) {
        return new Day(ceiling.get(), tools.funds().toppedUp(now.minus(PostgresFundStore.DAY)));
    }

    public Chain chain() {
        return tools.chain();
    }

    /** Whether this node can sign for the wallet. */
    public boolean hasKey(FilAddress wallet) {
        return tools.market().hasKey(wallet);
    }

    /** Every account there is, those with the most reserved first. */
    public List<Account> accounts() {
        return tools.funds().accounts();
    }

    /** What people asked for an address and that is not done, oldest first. */
    public List<Request> requests(FilAddress address) {
        return tools.requests().open(address);
    }

    /** Looks at every address that has something on its way or waiting; what fails is left for the next time. */
    public void tick() {
        for (FilAddress address : tools.funds().busy()) {
            quietly("funds of " + address, () -> {
                tools.requests().open(address).stream().filter(request -> request.kind() == Kind.ADD)
                        .forEach(this::add);
                moveOn(address);
            });
        }
        for (Hold hold : tools.funds().leftBehind()) {
            TokenAmount back = tools.funds().release(hold.proposalCid(), hold.purpose());
            LOG.warn("deal {} ended and still held {}: released {}", hold.proposalCid(), hold.amount(), back);
        }
    }

    private static void quietly(String what, Runnable work) {
        try {
            work.run();
        } catch (PhaseException | ChainRefusedException e) {
            LOG.debug("{} later: {}", what, e.getMessage());
        }
    }

    /**
     * Looks at the message in flight for an address and, once it landed, treats those who waited behind it.
     *
     * @return what everybody else has to wait for; empty when no message is on its way any more
     */
    Optional<String> moveOn(FilAddress address) {
        String key = tools.funds().account(address).messageKey();
        if (key != null) {
            Optional<String> waiting = inFlight(key, address);
            if (waiting.isPresent()) {
                return waiting;
            }
        }
        tools.funds().settle(address, tools.market());
        return Optional.ofNullable(tools.funds().account(address).messageKey())
                .flatMap(next -> inFlight(next, address));
    }

    private Optional<String> inFlight(String key, FilAddress address) {
        Cid message;
        try {
            // a crash may have come between the fund store's commit and the push: sending again is how it goes on
            message = tools.lane().send(key);
        } catch (ChainRefusedException e) {
            refuse(key, address, String.valueOf(e.getMessage()));
            return Optional.of("a message about the escrow of " + address + ", which the chain refuses: "
                    + e.getMessage());
        } catch (RetryableException e) {
            if (e.getCause() instanceof WalletShortException wallet) {
                refuse(key, address, wallet.getMessage());
                return Optional.of(sentence(wallet));
            }
            throw e;
        }
        Landing landing = tools.watcher().look(message, confidence.getAsLong());
        return landing instanceof Landing.NotYet notYet ? Optional.of(notYet.waitingFor()) : Optional.empty();
    }

    /** A withdrawal that cannot be signed is over, with the reason; a top-up is its deals' affair. */
    private void refuse(String key, FilAddress address, String why) {
        tools.requests().open(address).stream().filter(request -> key.equals(request.messageKey()))
                .forEach(request -> tools.requests().refuse(request.id(), why));
    }

    /** Takes an addition one step further; returns it as it then is. */
    Request add(Request request) {
        Request sent = request.state() == State.QUEUED
                ? tools.requests().send(request.id(), asked -> tools.market().topUp("funds-add/" + asked.id(),
                        asked.wallet(), asked.address(), asked.amount())) : request;
        String key = sent.messageKey();
        if (sent.state() != State.SENT || key == null) {
            return sent;
        }
        inFlight(key, sent.address());
        return tools.requests().find(sent.id()).orElse(sent);
    }

    /** What a hold waits for, and who can end it. */
    record Reason(WaitsOn on, String what) {}

    /** What a hold that stays queued waits for, in words that say what an operator can do. */
    Reason why(Hold hold) {
        String key = tools.funds().account(hold.address()).messageKey();
        if (key != null) {
            return new Reason(WaitsOn.CHAIN, "the message about the escrow of " + hold.address() + " before ours: "
                    + tools.messages().find(key).map(FundKeeper::named).orElse(key));
        }
        List<Hold> counted = tools.funds().holds(hold.address()).stream().filter(Hold::isCounted).toList();
        FundStore.Escrow escrow = tools.market().escrow(hold.address(), counted);
        TokenAmount missing = counted.stream().filter(one -> !escrow.locked().contains(one.proposalCid()))
                .map(Hold::amount).reduce(hold.amount(), TokenAmount::plus).minus(escrow.available());
        if (!tools.market().hasKey(hold.wallet())) {
            return new Reason(WaitsOn.OPERATOR, "the key of wallet " + hold.wallet() + ", which this node does not have: "
                    + "it would pay " + missing + " into the escrow of " + hold.address()
                    + "; import it, or add to the escrow from another wallet");
        }
        TokenAmount purse = tools.market().purse(hold.wallet());
        if (missing.isMoreThan(purse)) {
            return new Reason(WaitsOn.MONEY, "money: wallet " + hold.wallet() + " holds " + purse + ", " + missing
                    + " needed in the escrow of " + hold.address() + "; send " + missing.minus(purse)
                    + " and the fee to the wallet, or add to the escrow from another one: ./caravan funds add");
        }
        return ceiling.get().amount().isZero() ? new Reason(WaitsOn.NODE, "the next round of the funds of " + hold.address())
                : new Reason(WaitsOn.MONEY, overCeiling(missing));
    }

    private String overCeiling(TokenAmount missing) {
        Day today = day(clock.instant());
        Ceiling most = today.ceiling();
        FundStore.ToppedUp day = today.moved();
        Instant oldest = day.oldest();
        String room = missing.isMoreThan(most.amount()) || oldest == null ? ""
                : ", or wait: the first of them counts until " + oldest.plus(PostgresFundStore.DAY);
        return "money: a top-up of " + missing + " would pass " + most.setting() + " = " + most.amount() + ", "
                + day.amount() + " moved in 24 h; raise it, add to the escrow by ./caravan funds add" + room;
    }

    /** Why a hold is over, as far as its message tells. */
    String outcome(Hold hold) {
        return Optional.ofNullable(hold.messageKey()).flatMap(tools.messages()::find)
                .filter(message -> message.status().isFinal())
                .map(message -> message.exitCode() != null ? "its top-up " + message.cid() + " ended with exit code "
                        + message.exitCode() : "its top-up was not executed: " + message.error())
                .orElse("somebody released them");
    }

    static String sentence(WalletShortException wallet) {
        return "money: " + wallet.getMessage() + "; send " + wallet.needs().minus(wallet.has()) + " to it";
    }

    private static String named(StoredMessage message) {
        return message.intent().note() + (message.cid() == null ? "" : " (" + message.cid() + ")");
    }

    /** The hold as it is after the round that its asking began. */
    Hold reserve(Hold asked) {
        Hold hold = tools.funds().reserve(asked.proposalCid(), asked.purpose(), asked.address(), asked.wallet(),
                asked.amount(), tools.market());
        if (hold.state() != HoldState.QUEUED) {
            return hold;
        }
        moveOn(asked.address());
        return tools.funds().find(asked.proposalCid(), asked.purpose()).orElse(hold);
    }
}
