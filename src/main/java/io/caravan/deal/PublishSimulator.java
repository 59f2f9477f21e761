package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ExitCode;
import io.caravan.chain.Message;
import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.chain.Simulation;
import io.caravan.codec.Bytes;
import io.caravan.codec.CodecException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Publishes deals on the head's state and forgets it: which of them would the market take? A batch that fails as a whole
 * is halved until the deals that sink it are found; a deal that the market would drop is tried alone for its reason.
 */
final class PublishSimulator {

    /** These say something of the sender, whatever the deals are. */
    private static final Set<Long> SENDERS_FAULT = Set.of(ExitCode.SYS_SENDER_INVALID,
            ExitCode.SYS_SENDER_STATE_INVALID, ExitCode.SYS_INSUFFICIENT_FUNDS, ExitCode.FORBIDDEN);

    private final Chain chain;

    /**
     * @param good the market would take all of them in one message
     * @param bad those it would not even take alone, with its reason; what is in neither is left for another message
     */
    record Outcome(List<SignedProposal> good, Map<SignedProposal, String> bad) {
    }

    PublishSimulator(Chain chain) {
        this.chain = chain;
    }

    /**
     * @param sender who would send the message, a key address
     * @throws RetryableException the chain would take no publish message of this sender
     */
    Outcome judge(List<SignedProposal> batch, FilAddress sender) {
        Map<SignedProposal, String> bad = new LinkedHashMap<>();
        List<SignedProposal> good = search(batch, sender, bad);
        if (good.size() > 1 && good.size() < batch.size()) {
            good = taken(good, run(good, sender)); // each half worked; do they work together?
        }
        return new Outcome(good, bad);
    }

    private List<SignedProposal> search(List<SignedProposal> batch, FilAddress sender, Map<SignedProposal, String> bad) {
        Simulation whole = run(batch, sender);
        if (whole.isOk()) {
            List<SignedProposal> taken = taken(batch, whole);
            batch.stream().filter(deal -> !taken.contains(deal)).forEach(dropped -> {
                Simulation alone = run(List.of(dropped), sender);
                if (!alone.isOk()) {
                    bad.put(dropped, alone.reason());
                }
            });
            return taken;
        }
        if (batch.size() == 1) {
            bad.put(batch.get(0), whole.reason());
            return List.of();
        }
        int half = batch.size() / 2;
        List<SignedProposal> good = new ArrayList<>(search(batch.subList(0, half), sender, bad));
        good.addAll(search(batch.subList(half, batch.size()), sender, bad));
        return good;
    }

    private Simulation run(List<SignedProposal> deals, FilAddress sender) {
        Simulation result = chain.simulate(Message.of(sender, Methods.MARKET, TokenAmount.ZERO,
                Methods.MARKET_PUBLISH_STORAGE_DEALS, Bytes.wrap(new PublishStorageDealsParams(deals).toCbor())));
        if (SENDERS_FAULT.contains(result.receipt().exitCode())) {
            throw new RetryableException(WaitsOn.OPERATOR, "the chain would take no publish message of " + sender + ": "
                    + result.reason(), null);
        }
        return result;
    }

    private static List<SignedProposal> taken(List<SignedProposal> deals, Simulation result) {
        if (!result.isOk()) {
            return deals.subList(0, deals.size() / 2); // the others have another message
        }
        try {
            var valid = PublishStorageDealsReturn.ofCbor(result.receipt().returned().toArray());
            List<SignedProposal> taken = new ArrayList<>();
            for (int place = 0; place < deals.size(); place++) {
                if (valid.idAt(place).isPresent()) {
                    taken.add(deals.get(place));
                }
            }
            return taken;
        } catch (CodecException e) {
            throw new RetryableException(WaitsOn.CHAIN, "the chain node's simulation returned no list of deal ids: " + e.getMessage(), e);
        }
    }
}
