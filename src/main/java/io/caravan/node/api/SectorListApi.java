package io.caravan.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.Sector;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.WaitsOn;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcMethod;
import io.caravan.sealing.SealingProgress;
import io.caravan.sealing.SealingProgress.Running;
import io.caravan.store.SectorStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The miner's sectors for people: {@code Caravan.Sectors [after or null, limit or null]}, with what each waits for and what is
 * wrong with it ({@link SectorStanding}), and {@code Caravan.SealingProgress []}, how far this node is with those that it computes now.
 */
public final class SectorListApi {

    private static final int USUAL = 500;
    private static final int MOST = 1000;

    private final ApiJson json;
    private final SectorStore sectors;
    private final Engine engine;

    /**
     * What seals here.
     *
     * @param name as {@code sealing.engine} has it
     * @param notice what it says of itself, in one sentence
     */
    public record Engine(String name, String notice, Supplier<List<Running>> running) {

        public Engine(String name, String notice, SealingProgress progress) {
            this(name, notice, progress::running);
        }
    }

    public SectorListApi(ApiJson json, SectorStore sectors, Engine engine) {
        this.json = json;
        this.sectors = sectors;
        this.engine = engine;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Sectors", RpcMethod.read(2, this::page));
        methods.register("Caravan.SealingProgress", RpcMethod.read(0, (params, context) -> progress()));
    }

    private Object page(Params params, CallContext context) {
        SectorNumber after = params.isNull(0) ? null : SectorNumber.of(params.integer(0, "after"));
        long limit = params.isNull(1) ? USUAL : params.integer(1, "limit");
        int most = (int) Math.max(1, Math.min(MOST, limit));
        List<Sector> found = sectors.list(Set.of(), after, most);
        ObjectNode page = engine(json.object());
        page.set("sectors", sectors(found));
        page.put("next", found.size() < most ? null : (Long) found.get(found.size() - 1).number().value());
        return page;
    }

    /** What seals here, put to an answer. */
    ObjectNode engine(ObjectNode out) {
        return out.put("engine", engine.name()).put("notice", engine.notice());
    }

    /** Sectors as {@code Caravan.Sectors} shows them. */
    ArrayNode sectors(List<Sector> found) {
        List<Running> running = engine.running().get();
        ArrayNode list = json.list();
        List<SectorNumber> numbers = found.stream().map(Sector::number).toList();
        Map<SectorNumber, List<SectorPiece>> pieces = sectors.piecesOf(numbers).stream().collect(Collectors.groupingBy(SectorPiece::sector));
        Map<SectorNumber, List<SectorMove>> moves = sectors.events(numbers).stream().collect(Collectors.groupingBy(SectorMove::number));
        found.forEach(sector -> list.add(sector(sector, pieces.getOrDefault(sector.number(), List.of()),
                moves.getOrDefault(sector.number(), List.of()), running)));
        return list;
    }

    private ObjectNode sector(Sector sector, List<SectorPiece> pieces, List<SectorMove> moves, List<Running> running) {
        ObjectNode item = json.object().put("number", sector.number().value()).put("state", sector.state().wireName())
                .put("stage", sector.stage().text());
        ArrayNode deals = item.putArray("deals");
        pieces.forEach(piece -> deals.add(piece.dealId()));
        item.set("commD", json.cid(sector.commD()));
        item.set("commR", json.cid(sector.commR()));
        item.put("expiration", sector.expiration() == null ? null : (Long) sector.expiration().value())
                .put("redos", sector.redos()).put("attempt", sector.turn().attempt()).put("parked", sector.turn().parked())
                .put("message", sector.message()).put("lastError", sector.waiting().lastError())
                .put("waitsFor", sector.waiting().what());
        Running computed = running.stream().filter(one -> one.sector().equals(sector.number())).findFirst().orElse(null);
        SectorStanding.put(item, sector, moves, computed);
        if (sector.turn().lease() == null) { // else a worker finishes what it began
            json.stops().of(sector.state().wireName()).ifPresent(stop -> stop.put(item.put("subState", "waiting")
                    .put("waitsOn", WaitsOn.OPERATOR.text()).put("waitsFor", stop.waitsFor()).putNull("nextTry")
                    .put("standing", "waits for " + stop.waitsFor())));
        }
        item.set("progress", computed == null ? null : progress(computed));
        return item;
    }

    private ArrayNode progress() {
        ArrayNode list = json.list();
        engine.running().get().forEach(one -> list.add(progress(one)));
        return list;
    }

    private @Nullable ObjectNode progress(Running one) {
        return json.object().put("sector", one.sector().value()).put("step", one.step()).put("text", one.text())
                .put("done", one.done()).put("total", one.total());
    }
}
