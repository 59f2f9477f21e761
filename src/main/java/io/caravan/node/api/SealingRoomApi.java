package io.caravan.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcMethod;
import io.caravan.sealing.Need;
import io.caravan.sealing.SealTokens;
import io.caravan.sealing.SealingDisk;
import io.caravan.sealing.SealingRoom;
import io.caravan.store.DiskReservations.Reservation;
import java.util.List;

/** {@code Caravan.SealingRoom []}: the cores, heap and disk that sealing has on this node, and who has what of them. */
public final class SealingRoomApi {

    private final ApiJson json;
    private final SealingRoom room;
    private final long sectorBytes;

    /** @param sectorBytes what one sector more takes of the disk */
    public SealingRoomApi(ApiJson json, SealingRoom room, long sectorBytes) {
        this.json = json;
        this.room = room;
        this.sectorBytes = sectorBytes;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.SealingRoom", RpcMethod.read(0, this::room));
    }

    private Object room(Params params, CallContext context) {
        SealTokens tokens = room.tokens();
        Need taken = tokens.taken();
        ObjectNode all = json.object();
        all.putObject("cpu").put("size", tokens.sizes().cpu()).put("taken", taken.cpu());
        all.putObject("heap").put("size", tokens.sizes().heap()).put("taken", taken.heap());
        ArrayNode holders = all.putArray("holders");
        tokens.holders().forEach(holders::add);
        disk(all.putObject("disk"));
        return all;
    }

    private void disk(ObjectNode node) {
        SealingDisk disk = room.disk();
        List<Reservation> reserved = disk.reserved();
        node.put("free", disk.free()).put("size", disk.limits().most()).put("reserve", disk.limits().reserve())
                .put("reserved", reserved.stream().mapToLong(Reservation::bytes).sum()).put("sector", sectorBytes)
                .put("shortage", disk.shortage(sectorBytes).orElse(null));
        ArrayNode sectors = node.putArray("sectors");
        reserved.forEach(one -> sectors.addObject().put("number", one.sector().number().value()).put("bytes", one.bytes()));
    }
}
