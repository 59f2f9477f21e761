package io.caravan.devnet;

import io.caravan.chain.NetworkParams;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a devnet runs, and what its genesis holds. Everything but host, port, interval and memory is fixed by the first
 * start on a database.
 *
 * @param host address to bind; default loopback
 * @param port 0 for a free one; default 1230
 * @param interval time between two epochs; zero stops the clock, then only {@code Devnet.Mine} makes blocks; default 1
 *        s. Block timestamps count whole seconds, at least one an epoch
 * @param networkName default {@code caravan-devnet}
 * @param rules the protocol's numbers; default {@link Rules#mainnet()}
 * @param checks which proofs it takes; default {@link ProofChecks#PLACEHOLDER}
 * @param statesKept for how many tipsets back State* answers; default 1000
 * @param blocksKept how many blocks stay in memory; older ones are read from the database; default 4000
 */
public record DevnetConfig(String host, int port, Duration interval, String networkName, Rules rules, ProofChecks checks,
        Genesis genesis, int statesKept, int blocksKept) {

    private static final int FINALITY = 900;

    /**
     * What the chain starts with.
     *
     * @param owner key address of the owner of miner f01000; null: the devnet makes a key in its own wallet, the
     *        default one
     * @param worker key address of its worker; null: the owner
     * @param sectorSize padded bytes; default 8 MiB
     * @param minerBalance coins of the miner actor for deposits and pledge, attoFIL; default 10 000 FIL
     * @param ownerBalance coins of owner and worker each, attoFIL; default 1 000 000 FIL
     * @param accounts more accounts and their coins
     * @param faucet what {@code Devnet.Faucet} can give away, attoFIL; default 300 000 000 FIL
     */
    public record Genesis(@Nullable FilAddress owner, @Nullable FilAddress worker, long sectorSize,
            TokenAmount minerBalance,
            TokenAmount ownerBalance, Map<FilAddress, TokenAmount> accounts, TokenAmount faucet) {

        public Genesis {
            accounts = Map.copyOf(accounts);
            SealProofs.windowPostOfSectorSize(sectorSize);
            for (FilAddress key : accounts.keySet()) {
                requireKey(key);
            }
            requireKey(owner);
            requireKey(worker);
        }

        /** A miner with 8 MiB sectors whose keys the devnet makes. */
        public static Genesis standard() {
            return new Genesis(null, null, 8L << 20, TokenAmount.ofFil(10_000), TokenAmount.ofFil(1_000_000), Map.of(),
                    TokenAmount.ofFil(300_000_000));
        }

        public Genesis withMiner(FilAddress newOwner, FilAddress newWorker) {
            return new Genesis(newOwner, newWorker, sectorSize, minerBalance, ownerBalance, accounts, faucet);
        }

        public Genesis withSectorSize(long bytes) {
            return new Genesis(owner, worker, bytes, minerBalance, ownerBalance, accounts, faucet);
        }

        public Genesis withAccounts(Map<FilAddress, TokenAmount> more) {
            return new Genesis(owner, worker, sectorSize, minerBalance, ownerBalance, more, faucet);
        }

        private static void requireKey(@Nullable FilAddress address) {
            if (address != null && !address.isKey()) {
                throw new IllegalArgumentException("devnet accounts are key addresses (f1, f3), not " + address);
            }
        }
    }

    public DevnetConfig {
        if (interval.isNegative() || !interval.isZero() && interval.compareTo(Duration.ofMillis(10)) < 0) {
            throw new IllegalArgumentException("devnet.interval is 0s or at least 10ms, not " + interval);
        }
        if (statesKept < FINALITY || blocksKept < statesKept) {
            throw new IllegalArgumentException("a devnet keeps at least " + FINALITY
                    + " states, and no fewer blocks than states");
        }
    }

    /** Loopback, port 1230, an epoch a second. */
    public static DevnetConfig standard() {
        return new DevnetConfig("127.0.0.1", 1230, Duration.ofSeconds(1), NetworkParams.DEVNET, Rules.mainnet(), ProofChecks.PLACEHOLDER,
                Genesis.standard(),
                1000, 4000);
    }

    public DevnetConfig at(String newHost, int newPort) {
        return new DevnetConfig(newHost, newPort, interval, networkName, rules, checks, genesis, statesKept, blocksKept);
    }

    public DevnetConfig withInterval(Duration epoch) {
        return new DevnetConfig(host, port, epoch, networkName, rules, checks, genesis, statesKept, blocksKept);
    }

    public DevnetConfig withRules(Rules newRules) {
        return new DevnetConfig(host, port, interval, networkName, newRules, checks, genesis, statesKept, blocksKept);
    }

    public DevnetConfig withChecks(ProofChecks newChecks) {
        return new DevnetConfig(host, port, interval, networkName, rules, newChecks, genesis, statesKept, blocksKept);
    }

    public DevnetConfig withGenesis(Genesis newGenesis) {
        return new DevnetConfig(host, port, interval, networkName, rules, checks, newGenesis, statesKept, blocksKept);
    }

    /** Seconds from one block to the next as headers count them. */
    long blockDelaySeconds() {
        return Math.max(1, interval.toSeconds());
    }

    /** The built-in actors that hold coins or names from the start. */
    static List<Long> builtins() {
        return List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 10L, 90L, 99L);
    }
}
