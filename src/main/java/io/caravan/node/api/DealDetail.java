package io.caravan.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.OperationRefusedException;
import io.caravan.model.OperatorRules;
import io.caravan.model.OperatorVerb;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.Permission;
import io.caravan.store.DealSearch;
import io.caravan.store.MessageStore;
import io.caravan.store.StoredMessage;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What only the page of one deal shows beyond its {@link DealSummary}: all of its terms, what it costs and who pays it, what the
 * other side said, and its messages on chain. Amounts are attoFIL.
 */
final class DealDetail {

    private final ApiJson json;
    private final MessageStore messages;
    private final DealSearch search;

    DealDetail(ApiJson json, MessageStore messages, DealSearch search) {
        this.json = json;
        this.messages = messages;
        this.search = search;
    }

    void put(ObjectNode out, Deal deal) {
        DealProposal proposal = deal.proposal().proposal();
        out.put("payloadCid", deal.dataRef().root().toString()).put("label", proposal.label().payloadCid().isPresent() ? null : proposal.label().text())
                .put("client", json.address(proposal.client())).put("provider", json.address(proposal.provider()))
                .put("verified", proposal.isVerified()).put("transferType", deal.dataRef().transferType())
                .put("fastRetrieval", deal.fastRetrieval()).put("peer", deal.peer())
                .put("payloadBytes", deal.files().bytes());
        money(out.putObject("money"), deal);
        remote(out.putObject("remote"), deal);
        ArrayNode sent = out.putArray("messages");
        message(sent, "Money added to escrow", deal.funds().addFundsCid());
        message(sent, "Deal published", deal.chain().publishCid());
        actions(out, deal);
    }

    /** What an operator could say of it, the right it takes, and why it would be refused. */
    private static void actions(ObjectNode out, Deal deal) {
        ArrayNode list = out.putArray("actions");
        action(list, deal, OperatorVerb.RETRY, Permission.WRITE);
        action(list, deal, OperatorVerb.CANCEL, Permission.ADMIN);
        action(list, deal, OperatorVerb.FAIL, Permission.ADMIN);
        action(list, deal, OperatorVerb.RELEASE_FUNDS, Permission.ADMIN);
    }

    private static void action(ArrayNode list, Deal deal, OperatorVerb verb, Permission right) {
        ObjectNode one = list.addObject().put("verb", verb.text()).put("right", right.wireName());
        try {
            OperatorRules.check(deal, verb, null, false);
            one.putNull("refused");
        } catch (OperationRefusedException e) {
            one.put("refused", e.getMessage());
        }
    }

    private static void money(ObjectNode out, Deal deal) {
        DealProposal proposal = deal.proposal().proposal();
        long epochs = proposal.endEpoch().value() - proposal.startEpoch().value();
        BigInteger price = proposal.storagePricePerEpoch().atto().multiply(BigInteger.valueOf(epochs));
        out.put("pricePerEpochAtto", proposal.storagePricePerEpoch().toAttoString()).put("epochs", epochs)
                .put("priceAtto", price.toString()).put("clientCollateralAtto", proposal.clientCollateral().toAttoString())
                .put("providerCollateralAtto", proposal.providerCollateral().toAttoString())
                .put("reservedAtto", deal.funds().reserved().toAttoString());
        TokenAmount collateral = deal.role() == Role.CLIENT ? proposal.clientCollateral() : proposal.providerCollateral();
        BigInteger ours = deal.role() == Role.CLIENT ? price.add(collateral.atto()) : collateral.atto();
        out.put("oursAtto", ours.toString());
    }

    /** The last word, whether it is late, and all that it said before. */
    private void remote(ObjectNode out, Deal deal) {
        Deal.Remote remote = deal.remote();
        out.put("state", remote.state() == null ? null : remote.state().wireName()).put("message", remote.message())
                .put("at", text(remote.at())).put("askedAt", text(remote.last().at())).put("error", remote.last().error());
        ArrayNode words = out.putArray("words");
        for (DealSearch.RemoteWord word : search.remoteWords(deal.proposalCid())) {
            words.addObject().put("state", word.state().wireName()).put("message", word.message()).put("at", word.at().toString());
        }
    }

    private void message(ArrayNode out, String what, @Nullable Cid cid) {
        if (cid == null) {
            return;
        }
        ObjectNode one = out.addObject().put("what", what).put("cid", cid.toString());
        Optional<StoredMessage> ours = messages.findByCid(cid);
        one.put("ours", ours.isPresent());
        ours.ifPresent(row -> {
            one.put("note", row.intent().note()).put("status", row.status().name()).put("error", row.error())
                    .put("since", row.createdAt().toString()).put("landedEpoch", row.landedEpoch()).put("exitCode", row.exitCode())
                    .put("valueAtto", row.intent().value().toAttoString());
        });
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
