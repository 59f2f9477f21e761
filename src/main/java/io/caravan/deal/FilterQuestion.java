package io.caravan.deal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.Chain;
import io.caravan.codec.LotusJson;
import io.caravan.model.Deal;
import io.caravan.model.DataRef;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.store.AcceptanceStore;
import io.caravan.store.AcceptanceStore.Load;
import io.caravan.store.SectorStore;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * A deal as a filter is asked about it: the JSON that filters of Boost read, with the proposal CID beside it
 * (deal-lifecycle §7.3, F9). Amounts are attoFIL in strings, sizes padded bytes.
 */
final class FilterQuestion {

    private static final ObjectMapper JSON = LotusJson.newMapper();
    /** Of Boost's JSON, so that its readers know the fields. */
    private static final String FORMAT = "2.2.0";

    private final Chain chain;
    private final AcceptanceStore accepted;
    private final SectorStore sectors;
    private final FilAddress ours;
    private final long stagingQuota;
    private final LongSupplier usableBytes;

    FilterQuestion(DealFilter.Tools tools, long stagingQuota) {
        this.chain = tools.chain();
        this.accepted = tools.accepted();
        this.sectors = tools.sectors();
        this.ours = tools.ours();
        this.usableBytes = tools.usableBytes();
        this.stagingQuota = stagingQuota;
    }

    /** The question about one deal, on one line. */
    String of(Deal deal) {
        ObjectNode json = JSON.createObjectNode();
        json.put("DealUUID", UUID.nameUUIDFromBytes(deal.proposalCid().toBytes()).toString());
        json.set("ProposalCid", LotusJson.cid(deal.proposalCid()));
        json.set("ClientDealProposal", JSON.valueToTree(deal.proposal()));
        json.set("DealDataRoot", LotusJson.cid(deal.dataRef().root()));
        json.putObject("Transfer").put("Type", deal.dataRef().transferType()).put("ClientID", deal.peer())
                .put("Params", "").put("Size", deal.dataRef().rawBlockSize());
        json.put("IsOffline", deal.dataRef().transferType().equals(DataRef.MANUAL));
        json.put("RemoveUnsealedCopy", !deal.fastRetrieval()).put("SkipIPNIAnnounce", true);
        sealing(json.putObject("SealingPipelineState"));
        FilAddress client = Duplicates.termsOf(accepted, deal).client();
        Load load = accepted.load(ours, client, deal.proposalCid(), AcceptanceStore.Wanted.ALL);
        funds(json.putObject("FundsState"), load);
        storage(json.putObject("StorageState"), load);
        json.put("DealType", "storage").put("FormatVersion", FORMAT).put("Agent", "caravan");
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a deal that has no JSON: " + deal.proposalCid(), e);
        }
    }

    private void sealing(ObjectNode json) {
        ObjectNode states = json.putObject("SectorStates");
        sectors.count().forEach((state, many) -> states.put(state.wireName(), many));
        json.putArray("Workers");
    }

    private void funds(ObjectNode json, Load load) {
        MarketBalance escrow = chain.marketBalance(ours);
        FilAddress wallet = chain.accountKey(chain.minerInfo(ours).worker());
        String balance = chain.walletBalance(wallet).toAttoString();
        json.putObject("Escrow").put("Tagged", load.held().plus(load.tagged()).toAttoString())
                .put("Available", escrow.available().toAttoString()).put("Locked", escrow.locked().toAttoString());
        json.putObject("Collateral").put("Address", wallet.toString()).put("Balance", balance);
        json.putObject("PubMsg").put("Address", wallet.toString()).put("Balance", balance).put("Tagged", "0");
    }

    private void storage(ObjectNode json, Load load) {
        json.put("TotalAvailable", stagingQuota).put("Tagged", load.arrivingBytes())
                .put("Staged", load.stagedBytes().subtract(load.arrivingBytes())).put("Free", usableBytes.getAsLong());
    }
}
