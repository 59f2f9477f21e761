package io.caravan.devnet;

import io.caravan.model.PaddedPieceSize;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;

/**
 * The protocol's numbers (chain-and-rpc §4.4). {@link #mainnet()} has the real ones except for the challenge delay,
 * which is that of Lotus's 2 KiB network, and deposits and pledges, which are flat. Durations and delays are epochs.
 *
 * @param minDealDuration shortest deal the market takes
 * @param dealUpdatesInterval how far apart cron looks at a deal
 * @param preCommitChallengeDelay the seal delay: a sector can be proven this many epochs after its pre-commit, plus one
 * @param maxProveCommitDuration after this many epochs a pre-commit cannot be proven any more
 * @param cleanUpDelay then so many epochs until its deposit burns
 * @param minSectorExpiration shortest life of a sector behind the proving deadline
 * @param faultMaxAge a sector faulty so long is terminated
 * @param preCommitDeposit attoFIL a sector
 * @param initialPledge attoFIL a sector
 * @param collateralPercent share of circulating supply that provider collateral stands for; 0 for none
 * @param baselinePower bytes; with circulating supply it fixes the least provider collateral
 * @param circulatingSupply attoFIL, a constant here
 * @param baseFee attoFIL per gas unit
 * @param proving when sectors have to be proven again
 */
public record Rules(long minDealDuration, long maxDealDuration, long dealUpdatesInterval, long preCommitChallengeDelay,
        long maxRandomnessLookback, long maxProveCommitDuration, long cleanUpDelay, long minSectorExpiration,
        long maxSectorExpiration, long faultMaxAge, TokenAmount preCommitDeposit, TokenAmount initialPledge,
        long collateralPercent, BigInteger baselinePower, TokenAmount circulatingSupply, TokenAmount baseFee,
        ProvingRules proving) {

    private static final long DAY = 2880;
    private static final long FAULT_PERIODS = 42;
    private static final long LOOKS_IN_SHORTEST_DEAL = 6;
    private static final TokenAmount MAX_FIL = TokenAmount.ofFil(2_000_000_000);

    public Rules {
        if (minDealDuration < 1 || maxDealDuration < minDealDuration) {
            throw new IllegalArgumentException(
                    "devnet deal durations must be at least 1, the longest not below the shortest");
        }
        if (dealUpdatesInterval < 1 || preCommitChallengeDelay < 1
                || maxProveCommitDuration <= preCommitChallengeDelay) {
            throw new IllegalArgumentException(
                    "devnet delays must be at least 1 epoch, and proving must be possible after them");
        }
        if (collateralPercent < 0 || collateralPercent > 100) {
            throw new IllegalArgumentException("devnet collateral is 0 to 100 percent, not " + collateralPercent);
        }
    }

    /** As on mainnet, a challenge delay of 10 epochs, deposit 0.05 FIL and pledge 0.1 FIL a sector. */
    public static Rules mainnet() {
        return new Rules(180 * DAY, 1278 * DAY, 30 * DAY, 10, DAY + 900, 30 * DAY + 10, 960, 180 * DAY, 1278 * DAY,
                FAULT_PERIODS * DAY,
                TokenAmount.parse("0.05 FIL"), TokenAmount.parse("0.1 FIL"), 1,
                BigInteger.valueOf(25).shiftLeft(60), TokenAmount.ofFil(450_000_000), TokenAmount.ofAtto(100),
                ProvingRules.mainnet());
    }

    /** The same rules with another shortest deal; cron looks at deals six times in its length, as on mainnet. */
    public Rules withMinDealDuration(long epochs) {
        return new Rules(epochs, maxDealDuration, Math.max(1, epochs / LOOKS_IN_SHORTEST_DEAL), preCommitChallengeDelay,
                maxRandomnessLookback, maxProveCommitDuration, cleanUpDelay, minSectorExpiration, maxSectorExpiration,
                faultMaxAge, preCommitDeposit, initialPledge, collateralPercent, baselinePower, circulatingSupply,
                baseFee, proving);
    }

    /** The same rules with another seal delay. */
    public Rules withChallengeDelay(long epochs) {
        return new Rules(minDealDuration, maxDealDuration, dealUpdatesInterval, epochs, maxRandomnessLookback,
                Math.max(maxProveCommitDuration, 30 * DAY + epochs), cleanUpDelay, minSectorExpiration,
                maxSectorExpiration,
                faultMaxAge, preCommitDeposit, initialPledge, collateralPercent, baselinePower, circulatingSupply,
                baseFee, proving);
    }

    /** The same rules with other times of proving; a sector may be faulty for 42 of their periods, as on mainnet. */
    public Rules withProving(ProvingRules other) {
        return new Rules(minDealDuration, maxDealDuration, dealUpdatesInterval, preCommitChallengeDelay,
                maxRandomnessLookback, maxProveCommitDuration, cleanUpDelay, minSectorExpiration, maxSectorExpiration,
                FAULT_PERIODS * other.period(), preCommitDeposit, initialPledge, collateralPercent, baselinePower,
                circulatingSupply, baseFee, other);
    }

    /** The same rules with another limit of faults. */
    public Rules withFaultMaxAge(long epochs) {
        return new Rules(minDealDuration, maxDealDuration, dealUpdatesInterval, preCommitChallengeDelay,
                maxRandomnessLookback, maxProveCommitDuration, cleanUpDelay, minSectorExpiration, maxSectorExpiration,
                epochs, preCommitDeposit, initialPledge, collateralPercent, baselinePower, circulatingSupply, baseFee,
                proving);
    }

    /** The same rules with another base fee. */
    Rules withBaseFee(TokenAmount perGas) {
        return new Rules(minDealDuration, maxDealDuration, dealUpdatesInterval, preCommitChallengeDelay,
                maxRandomnessLookback, maxProveCommitDuration, cleanUpDelay, minSectorExpiration, maxSectorExpiration,
                faultMaxAge, preCommitDeposit, initialPledge, collateralPercent, baselinePower, circulatingSupply,
                perGas, proving);
    }

    /**
     * Least provider collateral of a deal of this size while the network has this power in bytes (deal-lifecycle §7.2).
     */
    TokenAmount minCollateral(PaddedPieceSize size, long rawPower) {
        BigInteger piece = BigInteger.valueOf(size.bytes());
        BigInteger power = BigInteger.valueOf(rawPower).max(baselinePower).max(piece);
        return TokenAmount.ofAtto(piece.multiply(circulatingSupply.atto())
                .multiply(BigInteger.valueOf(collateralPercent))
                .divide(power.multiply(BigInteger.valueOf(100))));
    }

    /** More than there can ever be: the upper bound of prices and collaterals. */
    static TokenAmount maxFil() {
        return MAX_FIL;
    }

    /** First epoch at or after {@code earliest} in which cron looks at this deal (chain-and-rpc §4.2). */
    long nextUpdate(long dealId, long earliest) {
        long offset = dealId % dealUpdatesInterval;
        long distance = earliest - offset;
        long quotient = distance / dealUpdatesInterval; // truncated, as the actor does
        return distance % dealUpdatesInterval == 0 || distance < 0
                ? quotient * dealUpdatesInterval + offset : (quotient + 1) * dealUpdatesInterval + offset;
    }
}
