package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.model.SectorNumber;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import io.caravan.sealing.Unsealing;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Pieces out of sectors: {@code Caravan.SectorUnseal [{"Deal": cid or null, "Sector": number or null, "Piece": cid or null,
 * "Offset": n, "Length": n or null, "File": path}]}, which answers when the file is there, and {@code
 * Caravan.SectorsUnsealing []}, which tells of those at work. Lotus' SectorsUnsealPiece leaves the bytes with the miner and
 * is not served.
 */
public final class UnsealApi {

    private final ApiJson json;
    private final Unsealing unsealing;

    public UnsealApi(ApiJson json, Unsealing unsealing) {
        this.json = json;
        this.unsealing = unsealing;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.SectorUnseal", RpcMethod.of(Permission.ADMIN, 1, this::unseal));
        methods.register("Caravan.SectorsUnsealing", RpcMethod.read(0, this::running));
    }

    private Object unseal(Params params, CallContext context) {
        JsonNode asked = params.object(0, "what to unseal");
        Unsealing.Wanted wanted = params.parsed(0, "what to unseal", node -> new Unsealing.Wanted(cid(asked.path("Deal")),
                asked.path("Sector").isNumber() ? new SectorNumber(asked.path("Sector").asLong()) : null, cid(asked.path("Piece")),
                asked.path("Offset").asLong(), asked.path("Length").isNumber() ? asked.path("Length").asLong() : null,
                Path.of(asked.path("File").asText(""))));
        Unsealing.Given given = unsealing.unseal(wanted);
        ObjectNode answer = json.object().put("Sector", given.piece().sector().value());
        answer.set("Piece", json.cid(given.piece().pieceCid()));
        answer.set("Deal", json.cid(given.piece().proposalCid()));
        return answer.put("Offset", given.from()).put("Length", given.bytes()).put("PieceSize", given.piece().size().bytes())
                .put("File", given.file().toString()).put("From", given.isFromReplica() ? "replica" : "unsealed copy")
                .put("Checked", "the whole piece against its CommP");
    }

    private static @Nullable Cid cid(JsonNode node) {
        return node.path("/").isTextual() ? Cid.parse(node.path("/").asText()) : null;
    }

    private Object running(Params params, CallContext context) {
        ArrayNode list = json.list();
        for (Unsealing.Running one : unsealing.running()) {
            ObjectNode item = list.addObject().put("Sector", one.sector().value());
            item.set("Piece", json.cid(one.piece()));
            item.put("File", one.file().toString()).put("Step", one.step()).put("Done", one.done()).put("Total", one.total());
        }
        return list;
    }
}
