package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.model.Deal;
import io.caravan.model.Waiting;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.PublishQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seed step 8, and the clean-up after a failure: gives back what the provider holds for a deal (deal-lifecycle §6.4).
 * States 6 and 11 of the provider. What is gone already is fine; what cannot be deleted is logged and left to the
 * janitor.
 */
public final class StagingCleaner {

    private static final Logger LOG = LoggerFactory.getLogger(StagingCleaner.class);

    private final Chain chain;
    private final FundReserver funds;
    private final PublishQueue queue;

    public StagingCleaner(Chain chain, FundReserver funds, PublishQueue queue) {
        this.chain = chain;
        this.funds = funds;
        this.queue = queue;
    }

    /** The deal is proven: its staged data goes, the sealed sector has it. */
    public Deal finish(Deal deal) {
        Deal cleaned = drop(deal);
        Long dealId = deal.chain().dealId();
        return deal.chain().sector() != null || dealId == null ? cleaned
                : chain.storageDeal(dealId).map(onChain -> cleaned.withSector(onChain.sector())).orElse(cleaned);
    }

    /** The deal failed: its staged data goes and its money is free again. */
    public Deal fail(Deal deal) {
        queue.leave(deal.proposalCid());
        return drop(funds.release(deal, Purpose.PROVIDER_COLLATERAL));
    }

    private static Deal drop(Deal deal) {
        delete(deal, deal.files().inbound());
        delete(deal, deal.files().piece());
        return deal.withFiles(new Deal.Files(null, null, deal.files().bytes())).withWaiting(Waiting.NOTHING);
    }

    private static void delete(Deal deal, @Nullable String file) {
        if (file == null) {
            return;
        }
        try {
            if (Files.deleteIfExists(Path.of(file))) {
                LOG.debug("deal {}: deleted {}", deal.proposalCid(), file);
            }
        } catch (IOException e) {
            LOG.warn("deal {}: cannot delete {}: {}", deal.proposalCid(), file, e.toString());
        }
    }
}
