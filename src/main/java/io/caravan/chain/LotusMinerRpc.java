package io.caravan.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.RetryableException;
import io.caravan.model.SectorNumber;
import io.caravan.model.UnpaddedPieceSize;
import io.caravan.model.WaitsOn;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A Lotus miner behind its JSON-RPC. What it answers is bounded and checked; none of it is shown unshortened. */
public final class LotusMinerRpc implements LotusMiner {

    private static final int MAX_PIECES = 8192;
    private static final int MAX_STATE = 64;
    private static final long LARGEST = 64L << 30;
    private static final int SHOWN = 300;

    private final RpcClient client;
    private final Supplier<Duration> addTimeout;

    /** @param addTimeout how long a piece may take: the wait for a free sector, the transfer and the writing */
    public LotusMinerRpc(RpcClient client, Supplier<Duration> addTimeout) {
        this.client = client;
        this.addTimeout = addTimeout;
    }

    @Override
    public FilAddress actor() {
        return FilAddress.parse(ChainJson.text(call(null, "ActorAddress")));
    }

    @Override
    public SectorPlace addPiece(UnpaddedPieceSize size, URI source, PieceDealInfo deal) {
        JsonNode reader = JsonNodeFactory.instance.objectNode().put("Type", "http").put("Info", source.toString());
        JsonNode answer = call(addTimeout.get(), "SectorAddPieceToAny", size.bytes(), reader, deal);
        return new SectorPlace(number(ChainJson.field(answer, "Sector")),
                ChainJson.number(ChainJson.field(answer, "Offset")));
    }

    @Override
    public List<SectorNumber> sectors() {
        JsonNode answer = call(null, "SectorsList");
        if (answer.isNull()) {
            return List.of();
        }
        if (!answer.isArray() || answer.size() > MAX_SECTORS) {
            throw new CodecException("the Lotus miner's list of sectors is none, or has more than " + MAX_SECTORS);
        }
        List<SectorNumber> numbers = new ArrayList<>(answer.size());
        answer.forEach(node -> numbers.add(number(node)));
        return numbers;
    }

    @Override
    public MinerSector status(SectorNumber number) {
        JsonNode answer = call(null, "SectorsStatus", number.value(), false);
        SectorNumber told = number(ChainJson.field(answer, "SectorID"));
        if (!told.equals(number)) {
            throw new CodecException("the Lotus miner was asked for sector " + number + " and told of " + told);
        }
        String state = ChainJson.text(ChainJson.field(answer, "State"));
        if (state.length() > MAX_STATE || !state.matches("[A-Za-z0-9]*")) {
            throw new CodecException("the Lotus miner's state of sector " + number + " is no word");
        }
        return new MinerSector(number, state, pieces(answer.path("Pieces")), cid(answer.path("CommD")),
                cid(answer.path("CommR")), cid(answer.path("PreCommitMsg")), cid(answer.path("CommitMsg")),
                shown(answer.path("LastErr").asText("")));
    }

    private static List<MinerSector.Piece> pieces(JsonNode list) {
        if (list.size() > MAX_PIECES) {
            throw new CodecException("a sector of " + list.size() + " pieces");
        }
        return ChainJson.list(list, item -> {
            JsonNode piece = ChainJson.field(item, "Piece");
            JsonNode deal = item.path("DealInfo").path("DealID");
            PaddedPieceSize size = PaddedPieceSize.of(ChainJson.number(ChainJson.field(piece, "Size"))).checked();
            if (size.bytes() > LARGEST) {
                throw new CodecException("a piece of " + size + " bytes is larger than any sector");
            }
            return new MinerSector.Piece(size,
                    ChainJson.cid(ChainJson.field(piece, "PieceCID")),
                    item.path("DealInfo").isObject() ? (deal.isNumber() ? ChainJson.number(deal) : 0) : null);
        });
    }

    private static SectorNumber number(JsonNode json) {
        return SectorNumber.of(ChainJson.number(json));
    }

    /** Lotus prints a CID that it does not have yet as null. */
    private static @Nullable Cid cid(JsonNode json) {
        return json.isObject() ? ChainJson.cid(json) : null;
    }

    private JsonNode call(@Nullable Duration timeout, String method, @Nullable Object... params) {
        String name = "Filecoin." + method;
        try {
            JsonNode answer = timeout == null ? client.call(name, params) : client.call(timeout, name, params);
            return answer == null ? NullNode.getInstance() : answer;
        } catch (RpcException e) {
            String sentence = shown(String.valueOf(e.getMessage()));
            if (e.isRetryable()) {
                throw new RetryableException(WaitsOn.SEALER, "the Lotus miner did not answer " + method + ": " + sentence, e);
            }
            throw new ChainRefusedException(method, e.code(), sentence);
        }
    }

    /** Somebody else's text: one line, not long. */
    private static String shown(String text) {
        String line = text.substring(0, Math.min(text.length(), 4 * SHOWN)).replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    }
}
