package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.BlockHeader;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import io.caravan.model.FilAddress;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.Signature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of Lotus for what this chain shows (chain-and-rpc §1.5, §2.4). Addresses are written with {@code t}. */
final class Shapes {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ObjectMapper mapper = ModelJson.newMapper(Network.TESTNET);

    ObjectMapper mapper() {
        return mapper;
    }

    ObjectNode object() {
        return JSON.objectNode();
    }

    ArrayNode array() {
        return JSON.arrayNode();
    }

    /** Whatever the mapper makes of a value. */
    JsonNode of(@Nullable Object value) {
        return mapper.valueToTree(value);
    }

    String address(FilAddress address) {
        return address.toString(Network.TESTNET);
    }

    String address(long id) {
        return address(FilAddress.ofId(id));
    }

    JsonNode cids(List<Cid> cids) {
        ArrayNode list = array();
        cids.forEach(cid -> list.add(LotusJson.cid(cid)));
        return list;
    }

    JsonNode key(Block block) {
        return cids(List.of(block.cid()));
    }

    JsonNode tipset(Block block) {
        ObjectNode tipset = object();
        tipset.set("Cids", key(block));
        tipset.set("Blocks", array().add(header(block.header())));
        return tipset.put("Height", block.height());
    }

    JsonNode header(BlockHeader header) {
        ObjectNode json = object().put("Miner", address(header.miner()));
        json.set("Ticket", header.ticket() == null ? JSON.nullNode() : object()
                .put("VRFProof", header.ticket().base64()));
        BlockHeader.ElectionProof election = header.electionProof();
        json.set("ElectionProof", election == null ? JSON.nullNode()
                : object().put("WinCount", election.winCount()).put("VRFProof", election.vrfProof().base64()));
        ArrayNode entries = json.putArray("BeaconEntries");
        header.beaconEntries().forEach(entry -> entries.add(beacon(entry.round(), entry.data())));
        json.putArray("WinPoStProof");
        json.set("Parents", cids(header.parents()));
        json.put("ParentWeight", header.parentWeight().toString()).put("Height", header.height());
        json.set("ParentStateRoot", LotusJson.cid(header.parentStateRoot()));
        json.set("ParentMessageReceipts", LotusJson.cid(header.parentMessageReceipts()));
        json.set("Messages", LotusJson.cid(header.messages()));
        json.set("BLSAggregate", signature(header.blsAggregate()));
        json.put("Timestamp", header.timestamp());
        json.set("BlockSig", signature(header.blockSig()));
        return json.put("ForkSignaling", header.forkSignaling())
                .put("ParentBaseFee", header.parentBaseFee().toAttoString());
    }

    ObjectNode beacon(long round, Bytes data) {
        return object().put("Round", round).put("Data", data.base64());
    }

    JsonNode changes(List<HeadMove> moves) {
        ArrayNode list = array();
        for (HeadMove move : moves) {
            move.reverted().forEach(block -> list.add(change("revert", block)));
            move.applied().forEach(block -> list.add(change("apply", block)));
        }
        return list;
    }

    ObjectNode change(String type, Block block) {
        ObjectNode change = object().put("Type", type);
        change.set("Val", tipset(block));
        return change;
    }

    private JsonNode signature(@Nullable Signature signature) {
        return signature == null ? JSON.nullNode() : of(signature);
    }
}
