package io.caravan.devnet;

import io.caravan.chain.SignedMessage;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.RpcException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The chain that grows. One thread at a time changes it; readers take {@link #view()} and never wait. What a method has
 * answered is in the database. A state that breaks an invariant is not stored, and no block follows it until somebody
 * looks.
 */
final class LiveChain {

    /** What a reorg shall do beside taking blocks back. */
    record Reorg(int depth, Set<Cid> drop, long salt) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(LiveChain.class);
    private static final int PRUNE_EVERY = 256;
    private static final int REMEMBERED = 10_000;

    private final DevnetStore store;
    private final DevnetConfig config;
    private final BlockMaker maker;
    private final Faults faults;
    // Guards everything below that is not volatile, and the order of what is told to listeners.
    private final ReentrantLock lock = new ReentrantLock();
    private final Mempool pool = new Mempool();
    private final Map<Cid, SignedMessage> everSeen = new LinkedHashMap<>();
    private final List<Consumer<HeadMove>> headListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<PoolChange>> poolListeners = new CopyOnWriteArrayList<>();
    private volatile ChainView view;
    private volatile Rules rules;
    private volatile @Nullable String stopReason;
    private long nullRounds;
    private long salt;
    private boolean isDoubtful;

    LiveChain(DevnetStore store, DevnetConfig config, BlockMaker maker, Faults faults, ChainView view) {
        this.store = store;
        this.config = config;
        this.maker = maker;
        this.faults = faults;
        this.view = view;
        this.rules = config.rules();
        store.pooled().forEach(this::remember);
        store.pooled().forEach(pool::add);
    }

    ChainView view() {
        return view;
    }

    Rules rules() {
        return rules;
    }

    void baseFee(TokenAmount perGas) {
        rules = rules.withBaseFee(perGas);
    }

    /** Why no more blocks are made; empty while they are. */
    Optional<String> stopReason() {
        return Optional.ofNullable(stopReason);
    }

    void onPool(Consumer<PoolChange> listener) {
        poolListeners.add(listener);
    }

    void offPool(Consumer<PoolChange> listener) {
        poolListeners.remove(listener);
    }

    /**
     * Tells the listener about every move of the head; {@code first} gets the head they start from, before any move.
     */
    void subscribe(Consumer<HeadMove> listener, Consumer<Block> first) {
        locked(() -> {
            first.accept(view.head());
            headListeners.add(listener);
            return null;
        });
    }

    void offHead(Consumer<HeadMove> listener) {
        headListeners.remove(listener);
    }

    /** Takes a message into the mempool; it survives a kill from here on. */
    Cid push(SignedMessage message) {
        return locked(() -> {
            pushLocked(message);
            return message.cid();
        });
    }

    /** Makes a message from the sender's next nonce and pushes it, nothing of that sender in between. */
    SignedMessage push(FilAddress sender, Function<Long, SignedMessage> signer) {
        return locked(() -> {
            SignedMessage message = signer.apply(nextNonce(sender));
            pushLocked(message);
            return message;
        });
    }

    private void pushLocked(SignedMessage message) {
        requireRunning();
        State state = BlockMaker.stateAfter(view.head());
        if (faults.applies(Faults.Action.REJECT, message.message(), state)) {
            throw new RpcException("message refused by Devnet.MpoolRule");
        }
        MempoolRules.check(message, state, pool);
        Optional<SignedMessage> rival = pool.find(message.message().from(), message.message().nonce());
        if (rival.isPresent() && rival.get().equals(message)) {
            return; // pushed twice
        }
        if (rival.isPresent()) {
            store.replacePooled(rival.get().cid(), message);
            tellPool(new PoolChange(false, rival.get()));
        } else {
            store.pool(message);
        }
        pool.add(message);
        remember(message);
        if (faults.applies(Faults.Action.DROP, message.message(), state)) {
            pool.neverInclude(message.cid());
        }
        tellPool(new PoolChange(true, message));
    }

    /** The sender's next nonce, its messages in the mempool counted. */
    long nextNonce(FilAddress sender) {
        return locked(() -> {
            State state = BlockMaker.stateAfter(view.head());
            Actor actor = state.actor(sender).orElse(null);
            FilAddress key = actor == null || actor.key() == null ? sender : actor.key();
            return pool.nextNonce(key, actor == null ? 0 : actor.nonce());
        });
    }

    List<SignedMessage> pending() {
        return locked(pool::all);
    }

    /** What the next block would take. */
    List<SignedMessage> selection() {
        return locked(() -> pool.select(BlockMaker.stateAfter(view.head()), rules, faults));
    }

    /** A message in the pool, on the chain, or known from earlier. */
    Optional<SignedMessage> message(Cid cid) {
        Optional<SignedMessage> executed = view.carrying(cid).flatMap(block -> block.messages().stream()
                .filter(message -> message.cid().equals(cid) || message.message().cid().equals(cid)).findFirst());
        return executed.isPresent() ? executed : locked(() -> Optional.ofNullable(everSeen.get(cid)));
    }

    /** The next epochs have no block. */
    void nullRounds(long count) {
        locked(() -> nullRounds = Math.addExact(nullRounds, count));
    }

    /** Makes the next block. */
    Block mine() {
        return locked(() -> {
            requireRunning();
            long height = view.head().height() + 1 + nullRounds;
            nullRounds = 0;
            return mineAt(height);
        });
    }

    /** Makes a block at this epoch; all epochs between have none. */
    Block warp(long height) {
        return locked(() -> {
            requireRunning();
            if (height <= view.head().height()) {
                throw new RpcException("the chain is at epoch " + view.head().height() + " already");
            }
            return mineAt(height);
        });
    }

    private Block mineAt(long height) {
        evict();
        BlockMaker.Made made = guarded(() -> maker.make(view, height, salt, select(), rules));
        List<SignedMessage> gone = leaving(made.block());
        stored(() -> store.append(made, gone.stream().map(SignedMessage::cid).toList()));
        gone.forEach(this::leave);
        publish(view.with(made.block()).trimmed(config.statesKept(), config.blocksKept()),
                new HeadMove(List.of(), List.of(made.block())));
        if (height % PRUNE_EVERY == 0) {
            view.floor(Math.max(0, height - config.statesKept())).ifPresent(block -> store.prune(block.height()));
        }
        return made.block();
    }

    private List<SignedMessage> select() {
        State state = BlockMaker.stateAfter(view.head());
        return pool.select(state, rules, faults).stream().map(message -> faults.replacement(message, state)).toList();
    }

    /** Changes the state after the head at once; it shows with the next block, as a message's effects would. */
    void amend(Consumer<Draft> change) {
        locked(() -> {
            requireRunning();
            Block head = view.head();
            Draft draft = new Draft(BlockMaker.stateAfter(head));
            change.accept(draft);
            Invariants.check(draft.state());
            stored(() -> store.amend(head.height(), draft.changes()));
            view = view.with(head.withPost(draft.state()));
            return null;
        });
    }

    /**
     * Takes blocks back and makes one more than that in their place, with other tickets. Their messages go to the
     * mempool again, except those dropped. What was changed by {@link #amend} in blocks taken back is lost with them.
     */
    HeadMove reorg(Reorg wish) {
        return locked(() -> {
            requireRunning();
            if (wish.depth() < 1 || wish.depth() >= Math.min(view.size(), config.statesKept())) {
                throw new RpcException("cannot take back " + wish.depth() + " of " + (view.size() - 1) + " tipsets");
            }
            salt += 1 + Math.abs(wish.salt() % 1_000_000);
            ChainView fork = view;
            List<Block> reverted = new ArrayList<>();
            for (int i = 0; i < wish.depth(); i++) {
                reverted.add(fork.head());
                fork = fork.withoutHead();
            }
            List<SignedMessage> back = reverted.stream().flatMap(block -> block.messages().stream())
                    .filter(message -> !wish.drop().contains(message.cid())).toList();
            long forkHeight = fork.head().height();
            back.forEach(pool::add);
            List<BlockMaker.Made> made = replace(fork, wish.depth() + 1, Set.copyOf(wish.drop()));
            List<Block> applied = made.stream().map(BlockMaker.Made::block).toList();
            List<SignedMessage> gone = applied.stream().flatMap(block -> block.messages().stream()).toList();
            stored(() -> store.reorg(forkHeight, made, back, gone.stream().map(SignedMessage::cid).toList()));
            gone.forEach(this::leave);
            ChainView next = fork;
            for (Block block : applied) {
                next = next.with(block);
            }
            HeadMove move = new HeadMove(reverted, applied);
            publish(next, move);
            return move;
        });
    }

    private List<BlockMaker.Made> replace(ChainView fork, int count, Set<Cid> drop) {
        List<BlockMaker.Made> made = new ArrayList<>();
        ChainView chain = fork;
        for (int i = 0; i < count; i++) {
            ChainView at = chain;
            State state = BlockMaker.stateAfter(at.head());
            List<SignedMessage> chosen = pool.select(state, rules, faults).stream()
                    .filter(message -> !drop.contains(message.cid())).toList();
            BlockMaker.Made next = guarded(() -> maker.make(at, at.head().height() + 1, salt, chosen, rules));
            made.add(next);
            chain = at.with(next.block());
        }
        return made;
    }

    private void evict() {
        State state = BlockMaker.stateAfter(view.head());
        for (SignedMessage message : pool.all()) {
            if (faults.applies(Faults.Action.EVICT, message.message(), state)) {
                store.dropPooled(message.cid());
                leave(message);
            }
        }
    }

    /** What the pool need not hold any more: the block's messages and what shares a nonce with them. */
    private List<SignedMessage> leaving(Block block) {
        Set<SignedMessage> leaving = new LinkedHashSet<>();
        for (SignedMessage message : block.messages()) {
            leaving.add(message);
            pool.find(message.message().from(), message.message().nonce()).ifPresent(leaving::add);
        }
        leaving.addAll(pool.stale(BlockMaker.stateAfter(block)));
        return List.copyOf(leaving);
    }

    private void leave(SignedMessage message) {
        pool.remove(message);
        tellPool(new PoolChange(false, message));
    }

    private void publish(ChainView next, HeadMove move) {
        view = next;
        headListeners.forEach(listener -> listener.accept(move));
    }

    private void tellPool(PoolChange change) {
        poolListeners.forEach(listener -> listener.accept(change));
    }

    private void remember(SignedMessage message) {
        everSeen.put(message.cid(), message);
        if (everSeen.size() > REMEMBERED) {
            everSeen.remove(everSeen.keySet().iterator().next());
        }
    }

    private void requireRunning() {
        String reason = stopReason;
        if (reason != null) {
            throw new RpcException("block production stopped: " + reason);
        }
        if (isDoubtful) {
            reload();
        }
    }

    /**
     * Runs a transaction; when it fails, nobody knows whether it was committed, so the rows are read before the next.
     */
    private void stored(Runnable transaction) {
        try {
            transaction.run();
        } catch (DataAccessException | TransactionException e) {
            isDoubtful = true;
            throw e;
        }
    }

    private void reload() {
        long before = view.head().height();
        view = new StateLoader(store).load(ChainView.empty(view.seed(), store), config.blocksKept(),
                config.statesKept());
        pool.all().forEach(pool::remove);
        store.pooled().forEach(pool::add);
        isDoubtful = false;
        Block head = view.head();
        if (head.height() > before) { // the block in doubt was committed after all
            headListeners.forEach(listener -> listener.accept(new HeadMove(List.of(), List.of(head))));
        }
    }

    /** A bug in an actor must be seen, not built upon. */
    private <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (IllegalStateException | ArithmeticException e) {
            stopReason = String.valueOf(e.getMessage());
            LOG.error("the devnet makes no more blocks: {}", e.getMessage(), e);
            throw new RpcException("block production stopped: " + e.getMessage());
        }
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
