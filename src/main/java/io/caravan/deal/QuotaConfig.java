package io.caravan.deal;

import io.caravan.model.TokenAmount;
import io.caravan.store.AcceptanceStore.Wanted;

/**
 * How much the provider promises at most, to all clients and to one (deal-lifecycle §7.6). Keys {@code miner.accept.*};
 * 0 is no limit, but for the two reserves.
 *
 * @param fundsReserve what stays in the worker's wallet for the fees of messages; {@code miner.accept.funds-reserve}
 * @param stagingQuota padded bytes of all deals that keep data in staging, or will; {@code miner.accept.staging-quota}
 * @param clientQuota the same for one client; {@code miner.accept.client-quota}
 * @param diskReserve bytes of the disk that stay free; {@code miner.accept.disk-reserve}
 * @param maxWaitingSectors refuse while more sectors than these take pieces; {@code miner.accept.max-waiting-sectors}
 * @param maxSealingSectors refuse while more sectors than these are being sealed; {@code
 *     miner.accept.max-sealing-sectors}
 * @param maxDeals accepted deals whose sector is not proven yet; {@code miner.accept.max-deals}
 * @param clientDealsPerHour accepted deals of one client in an hour; {@code miner.accept.client-deals-per-hour}
 * @param clientBytesPerHour their padded bytes; {@code miner.accept.client-bytes-per-hour}
 */
public record QuotaConfig(TokenAmount fundsReserve, long stagingQuota, long clientQuota, long diskReserve,
        long maxWaitingSectors, long maxSealingSectors, long maxDeals, long clientDealsPerHour, long clientBytesPerHour) {

    public QuotaConfig {
        if (fundsReserve.isNegative()) {
            throw new IllegalArgumentException("miner.accept.funds-reserve is negative");
        }
        for (long each : new long[] {stagingQuota, clientQuota, diskReserve, maxWaitingSectors, maxSealingSectors,
            maxDeals, clientDealsPerHour, clientBytesPerHour}) {
            if (each < 0) {
                throw new IllegalArgumentException("a limit of miner.accept is negative: " + each);
            }
        }
    }

    /** The sums that these limits are measured by. */
    Wanted wanted() {
        return new Wanted(maxDeals > 0, stagingQuota > 0 || clientQuota > 0, clientDealsPerHour > 0 || clientBytesPerHour > 0,
                maxWaitingSectors > 0 || maxSealingSectors > 0);
    }

    /** Fees for some messages, a gibibyte of disk and a sealing queue that can be worked off; no limit a client. */
    public static QuotaConfig standard() {
        return new QuotaConfig(TokenAmount.parse("0.05 FIL"), 0, 0, 1L << 30, 64, 256, 0, 0, 0);
    }
}
