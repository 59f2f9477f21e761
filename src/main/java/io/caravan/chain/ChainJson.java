package io.caravan.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JSON shapes of Lotus read into our records and back (chain-and-rpc §1.5, §2.4). What is missing or of the wrong
 * kind is a {@link CodecException} that names the field; nothing is guessed.
 */
public final class ChainJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_LIST = 100_000;

    private ChainJson() {
    }

    static TipSet tipSet(JsonNode json) {
        JsonNode first = field(json, "Blocks").path(0);
        return new TipSet(new TipSetKey(list(field(json, "Cids"), ChainJson::cid)), epoch(field(json, "Height")),
                Instant.ofEpochSecond(number(field(first, "Timestamp"))), amount(field(first, "ParentBaseFee")));
    }

    static NetworkParams networkParams(JsonNode json) {
        return new NetworkParams(text(field(json, "NetworkName")),
                blockDelay(json),
                number(field(json, "PreCommitChallengeDelay")),
                Instant.ofEpochSecond(json.path("GenesisTimestamp").asLong()), json.path("DevnetProofs").asText(""));
    }

    /** A devnet may run faster than a second a block; it then also gives the delay in milliseconds. */
    private static Duration blockDelay(JsonNode json) {
        return json.hasNonNull("BlockDelayMillis")
                ? Duration.ofMillis(number(json.get("BlockDelayMillis")))
                : Duration.ofSeconds(number(field(json, "BlockDelaySecs")));
    }

    static MinerInfo minerInfo(JsonNode json) {
        JsonNode peer = json.path("PeerId");
        return new MinerInfo(address(field(json, "Owner")), address(field(json, "Worker")),
                list(json.path("ControlAddresses"), ChainJson::address),
                peer.isTextual() && !peer.asText().isEmpty() ? peer.asText() : null,
                list(json.path("Multiaddrs"), ChainJson::bytes),
                (int) number(field(json, "WindowPoStProofType")), number(field(json, "SectorSize")));
    }

    static ProvingDeadline provingDeadline(JsonNode json) {
        return new ProvingDeadline(epoch(field(json, "CurrentEpoch")), epoch(field(json, "PeriodStart")),
                number(field(json, "Index")), epoch(field(json, "Open")), epoch(field(json, "Close")),
                epoch(field(json, "Challenge")), number(field(json, "WPoStProvingPeriod")),
                number(field(json, "WPoStPeriodDeadlines")), number(field(json, "FaultDeclarationCutoff")));
    }

    static BitField bitField(JsonNode json) {
        return BitField.ofRuns(list(json, ChainJson::number));
    }

    static ProvingPartition partition(JsonNode json, long index, BitField proven) {
        return new ProvingPartition(index, bitField(field(json, "LiveSectors")), bitField(field(json, "FaultySectors")),
                bitField(field(json, "RecoveringSectors")), proven.contains(index));
    }

    static MarketDeal marketDeal(JsonNode json) {
        JsonNode state = field(json, "State");
        return new MarketDeal(dealProposal(field(json, "Proposal")),
                SectorNumber.of(Math.max(0, state.path("SectorNumber").asLong(0))),
                number(field(state, "SectorStartEpoch")), number(field(state, "LastUpdatedEpoch")),
                number(field(state, "SlashEpoch")));
    }

    /** A deal proposal as Lotus prints it. */
    public static DealProposal dealProposal(JsonNode json) {
        return new DealProposal(cid(field(json, "PieceCID")), PaddedPieceSize.of(number(field(json, "PieceSize"))),
                field(json, "VerifiedDeal").asBoolean(), address(field(json, "Client")),
                address(field(json, "Provider")),
                DealLabel.ofText(text(field(json, "Label"))), epoch(field(json, "StartEpoch")),
                epoch(field(json, "EndEpoch")),
                amount(field(json, "StoragePricePerEpoch")), amount(field(json, "ProviderCollateral")),
                amount(field(json, "ClientCollateral")));
    }

    static PreCommittedSector preCommit(JsonNode json) {
        JsonNode info = field(json, "Info");
        JsonNode unsealed = info.path("UnsealedCid");
        return new PreCommittedSector(SectorNumber.of(number(field(info, "SectorNumber"))),
                number(field(info, "SealProof")),
                cid(field(info, "SealedCID")), unsealed.isObject() ? cid(unsealed) : null,
                epoch(field(info, "SealRandEpoch")),
                epoch(field(info, "Expiration")), amount(field(json, "PreCommitDeposit")),
                epoch(field(json, "PreCommitEpoch")));
    }

    static OnChainSector sector(JsonNode json) {
        return new OnChainSector(SectorNumber.of(number(field(json, "SectorNumber"))), number(field(json, "SealProof")),
                cid(field(json, "SealedCID")), epoch(field(json, "Activation")), epoch(field(json, "Expiration")),
                amount(field(json, "InitialPledge")));
    }

    static MessageLookup lookup(JsonNode json) {
        return new MessageLookup(cid(field(json, "Message")), receipt(field(json, "Receipt")),
                epoch(field(json, "Height")));
    }

    static MessageReceipt receipt(JsonNode json) {
        JsonNode events = json.path("EventsRoot");
        return new MessageReceipt(number(field(json, "ExitCode")), bytes(json.path("Return")),
                number(field(json, "GasUsed")), events.isObject() ? cid(events) : null);
    }

    /** A message as Lotus prints it; a missing CID field is not asked for. */
    public static Message message(JsonNode json) {
        return new Message(number(field(json, "Version")), address(field(json, "To")), address(field(json, "From")),
                number(field(json, "Nonce")),
                amount(field(json, "Value")), number(field(json, "GasLimit")), amount(field(json, "GasFeeCap")),
                amount(field(json, "GasPremium")), number(field(json, "Method")), bytes(json.path("Params")));
    }

    /** A signed message as Lotus prints it. */
    public static SignedMessage signedMessage(JsonNode json) {
        JsonNode signature = field(json, "Signature");
        return new SignedMessage(message(field(json, "Message")),
                new Signature(SignatureType.ofCode((int) number(field(signature, "Type"))),
                bytes(field(signature, "Data"))));
    }

    /** The JSON of a message, as MpoolPush and StateCall take it. */
    public static ObjectNode json(Message message) {
        ObjectNode out = NODES.objectNode();
        out.put("Version", message.version()).put("To", message.to().toString()).put("From", message.from().toString())
                .put("Nonce", message.nonce()).put("Value", message.value().atto().toString())
                .put("GasLimit", message.gasLimit()).put("GasFeeCap", message.gasFeeCap().atto().toString())
                .put("GasPremium", message.gasPremium().atto().toString()).put("Method", message.method())
                .put("Params", message.params().base64());
        return out;
    }

    /** The JSON of a signed message. */
    public static ObjectNode json(SignedMessage signed) {
        ObjectNode out = NODES.objectNode();
        out.set("Message", json(signed.message()));
        out.putObject("Signature").put("Type", signed.signature().type().code())
                .put("Data", signed.signature().data().base64());
        return out;
    }

    static JsonNode json(TipSetKey key) {
        var cids = NODES.arrayNode();
        key.cids().forEach(cid -> cids.add(json(cid)));
        return cids;
    }

    static ObjectNode json(Cid cid) {
        return NODES.objectNode().put("/", cid.toString());
    }

    static ObjectNode json(SectorPreCommitInfo info) {
        ObjectNode out = NODES.objectNode();
        out.put("SealProof", info.sealProof()).put("SectorNumber", info.sector().value());
        out.set("SealedCID", json(info.sealed()));
        out.put("SealRandEpoch", info.sealRandEpoch());
        out.putArray("DealIDs");
        out.put("Expiration", info.expiration());
        Cid unsealed = info.unsealed();
        out.set("UnsealedCid", unsealed == null ? NODES.nullNode() : json(unsealed));
        return out;
    }

    static PendingAllocation allocation(long id, JsonNode json) {
        return new PendingAllocation(new PieceActivationManifest.AllocationKey(number(field(json, "Client")), id),
                number(field(json, "TermMin")), number(field(json, "TermMax")), Epoch.of(number(field(json, "Expiration"))));
    }

    static JsonNode field(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null || value.isNull()) {
            throw new CodecException("the chain's answer has no " + name);
        }
        return value;
    }

    static String text(JsonNode json) {
        if (!json.isTextual()) {
            throw new CodecException("expected text in the chain's answer, got " + json.getNodeType());
        }
        return json.asText();
    }

    static long number(JsonNode json) {
        if (!json.isIntegralNumber() || !json.canConvertToLong()) {
            throw new CodecException("expected a whole number in the chain's answer, got " + json.getNodeType());
        }
        return json.asLong();
    }

    static Epoch epoch(JsonNode json) {
        return Epoch.of(number(json));
    }

    static BigInteger big(JsonNode json) {
        String digits = text(json);
        if (digits.length() > 80) {
            throw new CodecException("a number of " + digits.length() + " digits in the chain's answer");
        }
        try {
            return new BigInteger(digits);
        } catch (NumberFormatException e) {
            throw new CodecException("not a whole number in the chain's answer: " + digits);
        }
    }

    static TokenAmount amount(JsonNode json) {
        return TokenAmount.ofAtto(big(json));
    }

    static FilAddress address(JsonNode json) {
        return FilAddress.parse(text(json));
    }

    static Cid cid(JsonNode json) {
        return Cid.parse(text(field(json, "/")));
    }

    /** Base64; null means no bytes. */
    static Bytes bytes(JsonNode json) {
        return json.isNull() || json.isMissingNode() ? Bytes.EMPTY : Bytes.ofBase64(text(json));
    }

    static <T> List<T> list(@Nullable JsonNode json, Function<JsonNode, T> item) {
        if (json == null || json.isNull() || json.isMissingNode()) {
            return List.of();
        }
        if (!json.isArray() || json.size() > MAX_LIST) {
            throw new CodecException("expected a list of at most " + MAX_LIST + " in the chain's answer");
        }
        List<T> out = new ArrayList<>(json.size());
        json.forEach(node -> out.add(item.apply(node)));
        return out;
    }
}
