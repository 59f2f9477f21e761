package io.caravan.deal;

import io.caravan.codec.Cid;
import java.time.Duration;
import java.util.Set;

/**
 * Which deals the provider wants, apart from its ask (deal-lifecycle §7.1, §7.3). Keys {@code miner.accept.*}.
 *
 * @param minDuration shortest deal in epochs; {@code miner.accept.min-duration}
 * @param maxDuration longest deal in epochs; {@code miner.accept.max-duration}
 * @param maxEndAhead how many epochs from now a deal may end at the latest; {@code miner.accept.max-end-ahead}
 * @param maxCollateralFactor provider collateral at most this many times the chain's minimum; {@code
 *     miner.accept.collateral-factor}
 * @param isOnlineWanted deals whose data comes over the network; {@code miner.accept.online}
 * @param isOfflineWanted deals whose data comes by other means; {@code miner.accept.offline}
 * @param isVerifiedWanted deals paid by datacap; {@code miner.accept.verified}
 * @param isUnverifiedWanted all others; {@code miner.accept.unverified}
 * @param blockedPieces piece CIDs never taken; {@code miner.accept.blocked-pieces}
 * @param sealTime the least time from now to a deal's start; {@code miner.accept.seal-time}
 * @param maxStartDelay the most time from the earliest start to a deal's start; {@code miner.accept.max-start-delay}
 * @param maxStagingBytes refuse while the staging folder holds this much; 0 is no limit; {@code
 *     miner.accept.max-staging}
 */
public record AcceptConfig(long minDuration, long maxDuration, long maxEndAhead, int maxCollateralFactor,
        boolean isOnlineWanted, boolean isOfflineWanted, boolean isVerifiedWanted, boolean isUnverifiedWanted,
        Set<Cid> blockedPieces, Duration sealTime, Duration maxStartDelay, long maxStagingBytes) {

    public AcceptConfig {
        blockedPieces = Set.copyOf(blockedPieces);
        require(minDuration >= 1, "miner.accept.min-duration must be at least 1 epoch");
        require(maxDuration >= minDuration, "miner.accept.max-duration is below miner.accept.min-duration");
        require(maxEndAhead >= 1, "miner.accept.max-end-ahead must be at least 1 epoch");
        require(maxCollateralFactor >= 1, "miner.accept.collateral-factor must be at least 1");
        require(!sealTime.isNegative(), "miner.accept.seal-time is negative");
        require(!maxStartDelay.isNegative(), "miner.accept.max-start-delay is negative");
        require(maxStagingBytes >= 0, "miner.accept.max-staging is negative");
    }

    /** What mainnet allows: 180 to 1278 days, start 24 hours to 15 days from now, every kind of deal. */
    public static AcceptConfig standard() {
        return new AcceptConfig(518_400, 3_680_640, 3_680_640, 2, true, true, true, true, Set.of(),
                Duration.ofHours(24), Duration.ofDays(14), 0);
    }

    public AcceptConfig withSealTime(Duration time) {
        return new AcceptConfig(minDuration, maxDuration, maxEndAhead, maxCollateralFactor, isOnlineWanted,
                isOfflineWanted,
                isVerifiedWanted, isUnverifiedWanted, blockedPieces, time, maxStartDelay, maxStagingBytes);
    }

    private static void require(boolean isTrue, String sentence) {
        if (!isTrue) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
