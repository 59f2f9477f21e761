package io.caravan.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.Deal;
import io.caravan.model.DealDuties;
import io.caravan.model.DealProposal;
import io.caravan.model.Duty;
import io.caravan.model.DealTrace;
import io.caravan.model.Role;
import io.caravan.model.Turn;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One deal as {@code Caravan.*} tells it: its terms, and why it is where it is. What it waits on, for what and since when
 * are its row's; where the phase has not said yet, its state's usual ones; where its route is stopped, that.
 */
final class DealSummary {

    private final ApiJson json;

    DealSummary(ApiJson json) {
        this.json = json;
    }

    ObjectNode of(Deal deal) {
        DealProposal proposal = deal.proposal().proposal();
        ObjectNode out = json.object().put("proposalCid", deal.proposalCid().toString()).put("role", deal.role().text())
                .put("state", deal.state().code()).put("stateName", deal.state().wireName())
                .put("with", json.address(deal.role() == Role.CLIENT ? proposal.provider() : proposal.client()))
                .put("pieceCid", proposal.pieceCid().toString()).put("pieceSize", proposal.pieceSize().bytes())
                .put("pricePerEpochAtto", proposal.storagePricePerEpoch().atto().toString())
                .put("duration", proposal.endEpoch().value() - proposal.startEpoch().value())
                .put("startEpoch", proposal.startEpoch().value()).put("endEpoch", proposal.endEpoch().value());
        put(out, "dealId", deal.dealId());
        put(out, "sector", deal.chain().sector() == null ? null : deal.chain().sector().value());
        out.put("traceId", DealTrace.id(deal.proposalCid())).put("message", deal.message());
        why(out, deal);
        return out.put("createdAt", deal.createdAt().toString());
    }

    /** Who or what it waits on, for what, since when, until when, the last failure, the next try and how many failed. */
    private void why(ObjectNode out, Deal deal) {
        Waiting waiting = deal.waiting();
        Turn turn = deal.turn();
        Duty duty = DealDuties.of(deal.role(), deal.state()).orElse(null);
        WaitsOn on = waiting.on() != null || duty == null ? waiting.on() : duty.on();
        out.put("owner", duty == null ? null : duty.owner()).put("waitsOn", on == null ? null : on.text())
                .put("waitsFor", waiting.what() != null || duty == null ? waiting.what() : duty.what());
        put(out, "waitsSince", waiting.since() != null || duty == null ? waiting.since() : deal.enteredAt());
        put(out, "waitsUntil", waiting.until());
        put(out, "deadline", turn.deadline());
        put(out, "lastEpoch", turn.lastEpoch() == null ? null : turn.lastEpoch().value());
        out.put("lastError", waiting.lastError());
        put(out, "nextTry", deal.isFinal() || turn.parked() ? null : turn.runAfter());
        out.put("attempt", turn.attempt()).put("parked", turn.parked()).putNull("stopped");
        if (!deal.isFinal() && turn.lease() == null) { // else a worker finishes what it began
            json.stops().of(deal.state().wireName()).ifPresent(stop -> stopped(out, stop));
        }
    }

    /** Whatever its row says: nothing happens before somebody acts. */
    private static void stopped(ObjectNode out, RouteStops.Stop stop) {
        out.put("waitsOn", WaitsOn.OPERATOR.text()).put("waitsFor", stop.waitsFor()).putNull("waitsUntil").putNull("nextTry");
        put(out, "waitsSince", stop.since());
        stop.put(out);
    }

    private static void put(ObjectNode out, String name, @Nullable Long number) {
        if (number == null) {
            out.putNull(name);
        } else {
            out.put(name, number);
        }
    }

    private static void put(ObjectNode out, String name, @Nullable Instant at) {
        out.put(name, at == null ? null : at.toString());
    }
}
