package io.caravan.node.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.Chain;
import io.caravan.chain.ChainRpc;
import io.caravan.chain.HeadChange;
import io.caravan.chain.Heads;
import io.caravan.chain.LotusChain;
import io.caravan.chain.TipSet;
import io.caravan.model.RetryableException;
import io.caravan.rpc.LocalCalls;
import io.caravan.rpc.RpcException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devnet as the simulation's roles reach it. Blocks come at the epochs behind a message, and else only when somebody
 * looks who has not looked for a while: the epochs between are null rounds, as real chains have them.
 */
final class SimChain {

    /** Mainnet's. */
    static final Duration EPOCH = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(SimChain.class);
    private static final int BLOCKS_BEHIND_MESSAGE = 3;
    private static final long STALE_EPOCHS = 20;

    private final Loop loop;
    private final LocalCalls devnet;
    private final ChainRpc direct;
    private final Set<Consumer<HeadChange>> listeners = new LinkedHashSet<>();
    private final Set<Long> planned = new HashSet<>();
    private final Chain told;
    private long head;
    private int away;
    private boolean isLively = true;
    private long blocks;

    SimChain(Loop loop, LocalCalls devnet) {
        this.loop = loop;
        this.devnet = devnet;
        this.direct = ChainRpc.of(devnet);
        this.told = new LotusChain(direct, listener -> () -> { });
        this.head = told.head().epoch().value();
    }

    /** The chain as one role sees it, for as long as it lives. */
    Chain of(Life life) {
        Heads heads = listener -> {
            Consumer<HeadChange> own = change -> {
                if (!life.isOver()) {
                    listener.accept(change);
                }
            };
            listeners.add(own);
            return () -> listeners.remove(own);
        };
        return new LotusChain((method, params) -> call(life, method, params), heads);
    }

    /** The chain as those see it who made it: never away, never behind. */
    Chain undisturbed() {
        catchUp(1);
        return told;
    }

    LocalCalls devnet() {
        return devnet;
    }

    /** The epoch that it is. */
    long epoch() {
        return loop.now() / EPOCH.toNanos();
    }

    long blocks() {
        return blocks;
    }

    /** Whether a block comes at each epoch at which somebody looks. */
    void lively(boolean lively) {
        isLively = lively;
    }

    /** Away for so long as there were more leavings than returns. */
    void leave() {
        away++;
    }

    void comeBack() {
        away--;
    }

    /** Takes blocks back and makes others in their place. */
    void reorg(int depth, long salt) {
        try {
            devnet.call("Devnet.Reorg", depth, java.util.Map.of("salt", salt));
            head = told.head().epoch().value();
            plan();
            tell();
        } catch (RpcException e) {
            LOG.debug("no reorganisation: {}", e.getMessage());
        }
    }

    /** Blocks soon, so that what was changed shows. */
    void plan() {
        for (int i = 1; i <= BLOCKS_BEHIND_MESSAGE; i++) {
            long epoch = Math.max(epoch(), head) + i;
            if (planned.add(epoch)) {
                loop.at(epoch * EPOCH.toNanos(), () -> {
                    planned.remove(epoch);
                    mine(epoch);
                });
            }
        }
    }

    private JsonNode call(Life life, String method, Object... params) {
        life.crossing();
        if (away > 0) {
            throw new RetryableException("chain node simulated did not answer " + method + ": it is away");
        }
        catchUp(isLively ? 1 : STALE_EPOCHS);
        JsonNode answer = direct.call(method, params);
        if (method.equals("MpoolPush")) {
            plan();
        }
        return answer;
    }

    private void catchUp(long stale) {
        long epoch = epoch();
        if (epoch - head >= stale) {
            mine(epoch);
        }
    }

    private void mine(long epoch) {
        if (epoch > head) {
            devnet.call("Devnet.Warp", epoch);
            head = epoch;
            blocks++;
            tell();
        }
    }

    private void tell() {
        if (!listeners.isEmpty() && away == 0) {
            List<TipSet> applied = List.of(told.head());
            listeners.forEach(listener -> listener.accept(new HeadChange(List.of(), applied)));
        }
    }
}
