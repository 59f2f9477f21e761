package io.caravan.chain;

import io.caravan.model.CollateralBounds;
import io.caravan.model.DealProposal;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The chain's answers at one head, each asked for once however many proposals are judged by it. A new head forgets them
 * all, and so does time: news of a head may be missed. Whether the market holds a proposal is asked each time. Failures
 * are not remembered. Whoever refuses somebody by an answer asks again first ({@link #renew}): news of a head that a
 * stranger has heard already may still be on its way to us.
 */
public final class ChainMemory implements HeadView, AutoCloseable {

    /** The longest that an answer is repeated when no news of a head comes. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    /** Most answers of one head: strangers say whose balances are asked for. */
    private static final int MOST = 10_000;

    private record Question(String what, List<Object> about) {}

    private record Page(Instant since, Map<Question, Object> answers) {}

    private final Chain chain;
    private final Clock clock;
    private final AutoCloseable news;
    private volatile Page page;

    /** Listens for heads until it is closed. */
    public ChainMemory(Chain chain, Clock clock) {
        this.chain = chain;
        this.clock = clock;
        this.page = empty();
        this.news = chain.onHead(change -> page = empty());
    }

    @Override
    public TipSet head() {
        return asked(chain::head, "head");
    }

    @Override
    public NetworkParams networkParams() {
        return chain.networkParams();
    }

    @Override
    public TokenAmount walletBalance(FilAddress address) {
        return asked(() -> chain.walletBalance(address), "wallet", address);
    }

    @Override
    public MarketBalance marketBalance(FilAddress address) {
        return asked(() -> chain.marketBalance(address), "market", address);
    }

    @Override
    public MinerInfo minerInfo(FilAddress miner) {
        return asked(() -> chain.minerInfo(miner), "miner", miner);
    }

    @Override
    public Optional<FilAddress> lookupId(FilAddress address) {
        return asked(() -> chain.lookupId(address), "id", address);
    }

    @Override
    public FilAddress accountKey(FilAddress address) {
        return asked(() -> chain.accountKey(address), "key", address);
    }

    @Override
    public CollateralBounds collateralBounds(PaddedPieceSize pieceSize, boolean verified) {
        return asked(() -> chain.collateralBounds(pieceSize, verified), "collateral", pieceSize, verified);
    }

    @Override
    public Optional<BigInteger> verifiedDatacap(FilAddress client) {
        return asked(() -> chain.verifiedDatacap(client), "datacap", client);
    }

    @Override
    public Optional<Boolean> isPending(DealProposal proposal) {
        return chain.isPending(proposal);
    }

    @Override
    public boolean renew() {
        boolean was = !page.answers().isEmpty();
        page = empty();
        return was;
    }

    @Override
    public void close() throws Exception {
        news.close();
    }

    /** An answer goes to the page that was open when it was asked for: one of an older head is lost with its page. */
    @SuppressWarnings("unchecked") // a question's answer is of the type that its only caller asks for
    private <T> T asked(Supplier<T> read, String what, Object... about) {
        Page open = open();
        Question question = new Question(what, List.of(about));
        Object known = open.answers().get(question);
        if (known != null) {
            return (T) known;
        }
        T answer = read.get();
        if (open.answers().size() < MOST) {
            open.answers().put(question, answer);
        }
        return answer;
    }

    private Page open() {
        Page open = page;
        if (clock.instant().isBefore(open.since().plus(LONGEST))) {
            return open;
        }
        Page next = empty();
        page = next;
        return next;
    }

    private Page empty() {
        return new Page(clock.instant(), new ConcurrentHashMap<>());
    }
}
