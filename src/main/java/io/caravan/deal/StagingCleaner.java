package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.model.Deal;
import io.caravan.model.Waiting;
import io.caravan.store.FileAudit.Kind;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.PublishQueue;
import io.caravan.store.SectorStore;

/**
 * Seed step 8, and the clean-up after a failure: removes what only the way to the sector needed (deal-lifecycle §6.4): the
 * staged data, what is remembered of its transfer, the place in the publish queue. States 6 and 11 of the provider. Every
 * removal is audited; calling it again after a kill finishes what was begun.
 */
public final class StagingCleaner {

    private final Chain chain;
    private final FundReserver funds;
    private final PublishQueue queue;
    private final SectorStore sectors;
    private final Removals removals;

    public StagingCleaner(Chain chain, FundReserver funds, PublishQueue queue, SectorStore sectors, Removals removals) {
        this.chain = chain;
        this.funds = funds;
        this.queue = queue;
        this.sectors = sectors;
        this.removals = removals;
    }

    /** The deal is proven: its staged data goes, the sealed sector has it. */
    public Deal finish(Deal deal) {
        String why = "the deal is proven";
        removals.publishEntry(deal.proposalCid(), why);
        Deal cleaned = drop(deal, why);
        Long dealId = deal.chain().dealId();
        return deal.chain().sector() != null || dealId == null ? cleaned
                : chain.storageDeal(dealId).map(onChain -> cleaned.withSector(onChain.sector())).orElse(cleaned);
    }

    /** The deal failed: its staged data goes, sealing takes it no more, and its money is free again. */
    public Deal fail(Deal deal) {
        queue.leave(deal.proposalCid());
        if (sectors.pieceOf(deal.proposalCid()).isPresent()) {
            sectors.withdraw(deal.proposalCid(), "its deal failed: " + deal.message());
        }
        return drop(funds.release(deal, Purpose.PROVIDER_COLLATERAL), "the deal failed");
    }

    private Deal drop(Deal deal, String why) {
        removals.file(deal.proposalCid(), Kind.STAGING_CAR, deal.files().inbound(), why);
        removals.file(deal.proposalCid(), Kind.PIECE_COPY, deal.files().piece(), why);
        removals.transfers(deal.proposalCid(), why);
        return deal.withFiles(new Deal.Files(null, null, deal.files().bytes())).withWaiting(Waiting.NOTHING);
    }
}
