package io.caravan.deal;

import io.caravan.chain.BatchReturn;
import io.caravan.chain.BitField;
import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.ExitCode;
import io.caravan.chain.Landing;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.chain.SettleDealPaymentsReturn;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.codec.Hashes;
import io.caravan.model.Deal;
import io.caravan.model.FilAddress;
import io.caravan.model.PhaseException;
import io.caravan.model.TokenAmount;
import io.caravan.store.MessageIntent;
import io.caravan.store.MessageStore;
import io.caravan.store.Settlements;
import io.caravan.store.Settlements.Row;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what an expired deal still owes us and our collateral: the market keeps both until it is asked to settle
 * (deal-lifecycle §10.5). Deals that ended early were settled by their termination.
 */
public final class DealSettler {

    /** What the keys of its messages begin with. */
    public static final String KEYS = "settle/";

    private static final Logger LOG = LoggerFactory.getLogger(DealSettler.class);
    /** Deals in one message: some hundred million gas, far from a block's. */
    private static final int MOST = 64;

    private final Tools tools;
    private final FilAddress miner;
    private final LongSupplier confidence;

    /** What settling works with. */
    public record Tools(Chain chain, Settlements settlements, MessageStore messages, MessageLane lane,
            MessageWatcher watcher) {}

    /**
     * @param miner whose deals
     * @param confidence epochs on top of a settlement before it counts
     */
    public DealSettler(Tools tools, FilAddress miner, LongSupplier confidence) {
        this.tools = tools;
        this.miner = miner;
        this.confidence = confidence;
    }

    /** Notes that an expired deal is to be settled; calling it again does no harm. */
    public Deal enter(Deal deal) {
        Long dealId = deal.chain().dealId();
        if (dealId != null) {
            tools.settlements().enter(dealId, deal.proposalCid());
        }
        return deal;
    }

    /** Looks at the settlements on their way, then sends the next; what fails is left for the next time. */
    public void tick() {
        for (String key : tools.settlements().sent()) {
            try {
                look(key);
            } catch (PhaseException | ChainRefusedException e) {
                LOG.info("settlement {} later: {}", key, e.getMessage());
            }
        }
        try {
            next();
        } catch (PhaseException | ChainRefusedException e) {
            LOG.info("settling expired deals later: {}", e.getMessage());
        }
    }

    private void next() {
        if (tools.settlements().waiting().many() == 0 || !tools.settlements().sent().isEmpty()) {
            return;
        }
        FilAddress worker = tools.chain().accountKey(tools.chain().minerInfo(miner).worker());
        tools.settlements().close(MOST, batch -> intent(batch, worker));
        for (String key : tools.settlements().sent()) {
            look(key);
        }
    }

    /** Named by what it holds and which try it is, so that no two messages settle the same. */
    private MessageIntent intent(List<Row> batch, FilAddress worker) {
        long[] ids = batch.stream().mapToLong(Row::dealId).toArray();
        String names = batch.stream().map(row -> row.dealId() + "/" + row.attempts()).collect(Collectors.joining(" "));
        String digest = Bytes.wrap(Hashes.sha256(names.getBytes(StandardCharsets.US_ASCII))).hex();
        return new MessageIntent(KEYS + digest, worker, Methods.MARKET, Methods.MARKET_SETTLE_DEAL_PAYMENTS,
                TokenAmount.ZERO, Bytes.wrap(BitField.of(ids).toCbor()), "settle " + batch.size() + " expired deals");
    }

    private void look(String key) {
        List<Row> deals = tools.settlements().of(key);
        Cid message;
        try {
            message = tools.lane().send(key);
        } catch (ChainRefusedException e) {
            unlessGone(key, deals, "the chain refuses to settle: " + e.getMessage());
            return;
        }
        Landing landing = tools.watcher().look(message, confidence.getAsLong());
        if (landing instanceof Landing.Gone gone) {
            deals.forEach(deal -> tools.settlements().again(deal.dealId(), gone.reason()));
        } else if (landing instanceof Landing.Landed landed) {
            if (landed.isOk()) {
                account(key, deals, landed);
            } else {
                unlessGone(key, deals, "settlement " + message + " ended with exit code " + landed.receipt().exitCode());
            }
        }
    }

    /** A message that does not work is taken back, and deals that the market no longer has are left out of the next. */
    private void unlessGone(String key, List<Row> deals, String why) {
        boolean isOver = tools.messages().callOff(key, why)
                || tools.messages().find(key).filter(message -> message.status().isFinal()).isPresent();
        for (Row deal : deals) {
            if (tools.chain().storageDeal(deal.dealId()).isEmpty()) {
                tools.settlements().gone(deal.dealId());
            } else if (isOver) {
                tools.settlements().again(deal.dealId(), why);
            }
        }
        LOG.warn("{}", why);
    }

    /** Outcomes stand in the order of the deals in the message, whichever of them are accounted for already. */
    private void account(String key, List<Row> deals, Landing.Landed landed) {
        List<Long> ids = tools.messages().find(key).map(message ->
                BitField.ofCbor(message.intent().params().toArray()).numbers(MOST)).orElseThrow();
        SettleDealPaymentsReturn returned = returned(landed);
        Map<Long, Long> failed = new HashMap<>();
        returned.results().failures().forEach(failure -> failed.put(failure.index(), failure.exitCode()));
        Map<Long, SettleDealPaymentsReturn.Settlement> settled = new HashMap<>();
        for (int place = 0; place < ids.size() && settled.size() < returned.settlements().size(); place++) {
            if (!failed.containsKey((long) place)) {
                settled.put(ids.get(place), returned.settlements().get(settled.size()));
            }
        }
        for (Row deal : deals) {
            SettleDealPaymentsReturn.Settlement settlement = settled.get(deal.dealId());
            if (settlement == null) {
                ended(deal, failed.getOrDefault((long) ids.indexOf(deal.dealId()), ExitCode.UNSPECIFIED));
            } else if (settlement.isCompleted()) {
                tools.settlements().settled(deal.dealId(), settlement.payment());
                LOG.info("deal {} is settled: {} paid, its collateral is free", deal.dealId(), settlement.payment());
            } else {
                tools.settlements().again(deal.dealId(), "the market says that the deal goes on");
            }
        }
    }

    private void ended(Row deal, long code) {
        if (code == ExitCode.MARKET_DEAL_EXPIRED || code == ExitCode.NOT_FOUND) {
            tools.settlements().gone(deal.dealId());
        } else {
            tools.settlements().again(deal.dealId(), "the market did not settle deal " + deal.dealId() + ": exit code "
                    + code);
        }
    }

    private static SettleDealPaymentsReturn returned(Landing.Landed landed) {
        try {
            return SettleDealPaymentsReturn.ofCbor(landed.receipt().returned().toArray());
        } catch (CodecException e) {
            return new SettleDealPaymentsReturn(new BatchReturn(0, List.of()), List.of());
        }
    }
}
