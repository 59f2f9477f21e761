package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.deal.EffectiveState;
import io.caravan.libp2p.PeerId;
import io.caravan.market.ChannelId;
import io.caravan.market.Transfer;
import io.caravan.model.Deal;
import io.caravan.model.DealMove;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.Role;
import io.caravan.model.SectorNumber;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deals and transfers in the shapes of Lotus: DealInfo, MinerDeal, DataTransferChannel (chain-and-rpc §2.1, §2.2). */
public final class DealJson {
    private static final int MAX_LOG = 500;

    private final ApiJson json;
    private final PeerId self;

    /** @param self our peer id, one end of every transfer */
    public DealJson(ApiJson json, PeerId self) {
        this.json = json;
        this.self = self;
    }

    /**
     * A client's deal. {@code State} is the one to show (deal-lifecycle §11.5); the fields behind DataTransfer are
     * ours.
     *
     * @param stages what happened so far; null leaves the stages out, as lists do
     * @param transfer its newest data transfer, null if there is none
     */
    public ObjectNode dealInfo(Deal deal, @Nullable List<DealMove> stages, @Nullable Transfer transfer) {
        DealProposal proposal = deal.proposal().proposal();
        ObjectNode info = json.object();
        info.set("ProposalCid", json.cid(deal.proposalCid()));
        EffectiveState state = EffectiveState.of(deal);
        info.put("State", state.shown().code()).put("Message", text(deal.message()));
        info.set("DealStages", stages == null ? json.tree(null) : stages(stages));
        info.put("Provider", json.address(proposal.provider()));
        info.set("DataRef", json.tree(deal.dataRef()));
        info.set("PieceCID", json.cid(proposal.pieceCid()));
        info.put("Size", proposal.pieceSize().unpadded().bytes());
        info.put("PricePerEpoch", proposal.storagePricePerEpoch().toAttoString());
        info.put("Duration", proposal.duration()).put("DealID", number(deal.dealId()));
        info.put("CreationTime", deal.createdAt().toString()).put("Verified", proposal.isVerified());
        info.set("TransferChannelID", channel(deal, transfer));
        info.set("DataTransfer", transfer == null ? json.tree(null) : transfer(transfer));
        DealState remote = deal.remote().state();
        info.put("LocalState", deal.state().code()).put("RemoteState", remote == null ? null : remote.code());
        info.put("RemoteAt", remote == null ? null : String.valueOf(deal.remote().at()));
        info.put("RemoteError", deal.remote().last().error());
        info.put("Stale", state.isStale());
        return info;
    }

    /** A provider's deal. */
    public ObjectNode minerDeal(Deal deal) {
        ObjectNode info = json.object();
        info.set("Proposal", json.tree(deal.proposal().proposal()));
        info.set("ClientSignature", json.tree(deal.proposal().signature()));
        info.set("ProposalCid", json.cid(deal.proposalCid()));
        info.set("AddFundsCid", json.cid(deal.funds().addFundsCid()));
        info.set("PublishCid", json.cid(deal.chain().publishCid()));
        info.put("Miner", self.toString()).put("Client", deal.peer()).put("State", deal.state().code());
        info.put("PiecePath", text(deal.files().piece())).put("MetadataPath", "");
        Epoch slashed = deal.chain().slashEpoch();
        info.put("SlashEpoch", slashed == null ? 0 : slashed.value()).put("FastRetrieval", deal.fastRetrieval());
        info.put("Message", text(deal.message())).put("FundsReserved", deal.funds().reserved().toAttoString());
        info.set("Ref", json.tree(deal.dataRef()));
        info.put("AvailableForRetrieval", false).put("DealID", number(deal.dealId()));
        info.put("CreationTime", deal.createdAt().toString());
        info.set("TransferChannelId", channel(deal, null));
        SectorNumber sector = deal.chain().sector();
        info.put("SectorNumber", sector == null ? 0 : sector.value()).put("InboundCAR", text(deal.files().inbound()));
        return info;
    }

    /** A data transfer as ClientListDataTransfers shows it. */
    public ObjectNode transfer(Transfer transfer) {
        boolean isClient = transfer.role() == Role.CLIENT;
        ObjectNode info = json.object();
        info.put("TransferID", transfer.channel().id()).put("Status", transfer.status().code());
        info.set("BaseCID", json.cid(transfer.payloadCid()));
        info.put("IsInitiator", isClient).put("IsSender", isClient);
        info.put("Voucher", "{\"Proposal\":{\"/\":\"" + transfer.proposalCid() + "\"}}");
        info.put("Message", text(transfer.error())).put("OtherPeer", transfer.peer().toString());
        info.put("Transferred", transfer.bytes());
        info.putNull("Stages");
        return info;
    }

    JsonNode cid(Cid cid) {
        return json.cid(cid);
    }

    /** One stage a visit of a state; what happened there is its log, the event that left it the last line. */
    private ObjectNode stages(List<DealMove> moves) {
        ObjectNode all = json.object();
        ArrayNode list = all.putArray("Stages");
        ObjectNode stage = null;
        for (DealMove move : moves) {
            if (stage == null || !stage.path("Name").asText().equals(move.from().wireName())) {
                stage = list.addObject().put("Name", move.from().wireName()).put("Description", move.from().label())
                        .put("ExpectedDuration", "").put("CreatedTime", move.at().toString());
                stage.put("UpdatedTime", move.at().toString()).putArray("Logs");
            }
            stage.put("UpdatedTime", move.at().toString());
            stage.withArray("Logs").addObject().put("Log", log(move)).put("UpdatedTime", move.at().toString());
        }
        return all;
    }

    private static String log(DealMove move) {
        String note = move.note();
        String text = note == null || note.isEmpty() ? move.event().toString() : move.event() + ": " + note;
        return text.length() <= MAX_LOG ? text : text.substring(0, MAX_LOG) + "…";
    }

    private JsonNode channel(Deal deal, @Nullable Transfer transfer) {
        if (transfer != null) {
            ChannelId channel = transfer.channel();
            return ends(channel.initiator().toString(), channel.responder().toString(), channel.id());
        }
        String name = deal.transfer().channel();
        Long id = deal.transfer().id();
        if (name == null || id == null) {
            return json.tree(null);
        }
        String[] parts = name.split("-", 3);
        return parts.length == 3 ? ends(parts[0], parts[1], id) : json.tree(null);
    }

    private ObjectNode ends(String initiator, String responder, long id) {
        return json.object().put("Initiator", initiator).put("Responder", responder).put("ID", id);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static long number(@Nullable Long number) {
        return number == null ? 0 : number;
    }
}
