package io.caravan.node.backup;

import io.caravan.chain.Chain;
import io.caravan.chain.LaneRecovery;
import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.TipSet;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.model.SignedProposal;
import io.caravan.store.DealStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.SettingStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first start after a restore: the rows are older than what the node did. Before anything is sent, the messages that left
 * after the backup are looked up on chain and in the mempool and taken over, with the deals that they publish: so no nonce is
 * given twice and no deal published twice. What cannot be put right by a machine is noted for a person.
 */
public final class AfterRestore {

    private static final Logger LOG = LoggerFactory.getLogger(AfterRestore.class);
    private static final String NOTES = "restored.notes";
    /** The least that is looked back: a week. */
    private static final long LEAST_EPOCHS = 20_160;
    /** Epochs by which a reorganisation, or a clock, may be off. */
    private static final long SLACK = 900;
    private static final int MOST_NOTES = 200;

    private final Tools tools;

    /**
     * What it works with.
     *
     * @param lane looks at one sender
     * @param queue null at a daemon, which publishes nothing
     */
    public record Tools(Chain chain, LaneRecovery lane, DealStore deals, Optional<PublishQueue> queue, SettingStore settings) {
    }

    public AfterRestore(Tools tools) {
        this.tools = tools;
    }

    /** Whether the rows come from a backup that was not reconciled with the chain yet. */
    public boolean isDue() {
        return tools.settings().find(Restore.SETTING).filter(at -> !at.isEmpty()).isPresent();
    }

    /**
     * Reconciles, if that is due; without harm when it was cut short before.
     *
     * @param senders key addresses that may have sent something
     * @throws io.caravan.model.RetryableException the chain is away: the node must not start before this was done
     */
    public void run(Collection<FilAddress> senders) {
        if (!isDue()) {
            return;
        }
        Instant backup = Instant.parse(tools.settings().find(Restore.SETTING).orElseThrow());
        List<String> notes = new ArrayList<>();
        int taken = 0;
        for (FilAddress sender : senders) {
            LaneRecovery.Outcome outcome = tools.lane().take(sender, floor(backup));
            outcome.taken().forEach(message -> deals(message, notes));
            if (!outcome.missing().isEmpty()) {
                notes.add("%s sent %d messages after the backup that the chain node does not show, nonces %d to %d: look at them in an explorer, deals among them are not known here"
                        .formatted(sender, outcome.missing().size(), outcome.missing().get(0), outcome.missing().get(outcome.missing().size() - 1)));
            }
            taken += outcome.taken().size();
        }
        LOG.warn("restored from a backup of {}: {} messages sent since were taken over, {} things are left for a person (./caravan doctor)", backup,
                taken, notes.size());
        tools.settings().put(NOTES, String.join("\n", notes.subList(0, Math.min(MOST_NOTES, notes.size()))));
        tools.settings().put(Restore.SETTING, "");
    }

    /** What was left for a person. */
    public List<String> notes() {
        return tools.settings().find(NOTES).map(text -> text.lines().toList()).orElse(List.of());
    }

    private void deals(LaneRecovery.Taken taken, List<String> notes) {
        if (tools.queue().isEmpty() || taken.message().method() != Methods.MARKET_PUBLISH_STORAGE_DEALS
                || !taken.message().to().equals(Methods.MARKET)) {
            return;
        }
        for (SignedProposal signed : PublishStorageDealsParams.ofCbor(taken.message().params().toArray()).deals()) {
            DealProposal terms = signed.proposal();
            Cid proposal = signed.proposalCid();
            Optional<Deal> deal = tools.deals().find(proposal, Role.PROVIDER);
            if (deal.isEmpty()) {
                notes.add("deal %s of %s was published by message %s after the backup and is not in these rows: its piece %s has to be sealed before epoch %s or its collateral of %s is lost; ask the client for the data"
                        .formatted(proposal, terms.client(), taken.cid(), terms.pieceCid(), terms.startEpoch(), terms.providerCollateral()));
            } else if (deal.get().dealId() == null
                    && !tools.queue().get().adopt(proposal, terms.provider(), terms.startEpoch(), taken.key())) {
                notes.add("deal %s was published by message %s after the backup, but these rows have it in another message: compare with ./caravan deals audit"
                        .formatted(proposal, taken.cid()));
            }
        }
    }

    private Epoch floor(Instant backup) {
        TipSet head = tools.chain().head();
        Duration since = Duration.between(backup, head.at());
        long epochs = since.isNegative() ? 0 : since.dividedBy(tools.chain().networkParams().blockDelay());
        return Epoch.of(Math.max(0, head.epoch().value() - Math.max(LEAST_EPOCHS, epochs + SLACK)));
    }
}
