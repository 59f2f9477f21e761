package io.caravan.node;

import io.caravan.chain.ChainMemory;
import io.caravan.chain.HeadView;
import io.caravan.deal.Admission;
import io.caravan.deal.DataImport;
import io.caravan.deal.DealFilter;
import io.caravan.deal.ProposalDesk;
import io.caravan.deal.ProposalRules;
import io.caravan.market.AnswerSigner;
import io.caravan.market.AskBook;
import io.caravan.market.DealServer;
import io.caravan.market.MarketDeadlines;
import io.caravan.model.FilAddress;
import io.caravan.node.config.LiveSettings;
import io.caravan.piece.CommPStream;
import io.caravan.store.AcceptanceStore;
import io.caravan.store.SectorStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.function.LongSupplier;

/** The miner's part between a proposal's arrival and its answer. */
final class Acceptance {

    private final RoleCore core;
    private final SectorStore sectors;
    private final FilAddress miner;
    private final AcceptanceStore accepted;
    private final StagingFolder staging;
    private final HeadView chain;
    private final Admission admission;

    /**
     * From now on what is promised to deals changes with their moves; to be made before deals are restarted.
     *
     * @param placeable the largest piece that would get a place in a sector now, in padded bytes
     */
    Acceptance(RoleCore core, SectorStore sectors, FilAddress miner, LongSupplier placeable) {
        this.core = core;
        this.sectors = sectors;
        this.miner = miner;
        accepted = new AcceptanceStore(core.database().sql(), core.clock());
        staging = new StagingFolder(core.subfolder("staging"));
        chain = core.opened(new ChainMemory(core.chain(), core.clock()));
        admission = new Admission(chain, accepted, miner, core.live().of(AcceptSettings::quotas), staging::usable,
                placeable, core.clock());
        core.deals().accompany(admission);
    }

    /** Takes the data of offline deals; what imports of an earlier life left behind is removed. */
    DataImport dataImport(Hashers hashers) {
        DataImport imports = new DataImport(core.deals(), staging.folder(),
                deal -> staging.usable() - admission.diskReserve() - admission.lookForImport(deal),
                () -> CommPStream.on(hashers, hashers.lanes()));
        try {
            imports.sweep();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clean the staging folder " + staging.folder(), e);
        }
        return imports;
    }

    /** What the routes of acceptance call by name. */
    Map<String, Object> beans(AskBook asks, AnswerSigner worker, MarketDeadlines deadlines) {
        LiveSettings live = core.live();
        Clock clock = core.clock();
        ProposalDesk desk = new ProposalDesk(core.deals(), staging.folder(), live.of(now -> now.duration("miner.accept.patience")), clock);
        ProposalRules rules = new ProposalRules(new ProposalRules.Tools(chain, asks, miner, accepted, staging), live.of(AcceptSettings::of), clock);
        DealFilter filter = new DealFilter(new DealFilter.Tools(core.chain(), accepted, sectors, miner, staging::usable),
                live.of(AcceptSettings::filter), clock);
        return Map.of("dealServer", new DealServer(desk, worker, deadlines), "proposalRules", rules, "admission", admission, "dealFilter", filter);
    }
}
