package io.caravan.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.deal.TransferRows;
import io.caravan.market.Transfer;
import io.caravan.model.Role;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.OutChannel;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.DealStore;
import io.caravan.store.Outbox;
import io.caravan.time.Alarms;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code Caravan.Follow []}: a channel that tells at most twice a second what changed since it told last: the deals as they are now,
 * the sectors and transfers that moved, and the chain's head. However many listen, the rows are read once; when nobody does,
 * nothing is read. Moves of other nodes of the role are told as well: they come from the outbox.
 */
public final class FollowApi implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FollowApi.class);
    private static final Duration EVERY = Duration.ofMillis(500);
    /** Lines read at a time; when there are more, or more deals than are told one by one, the page asks for its list again. */
    private static final int LINES = 1000;
    private static final int DEALS = 40;
    private static final int TRANSFERS = 200;
    /** Lines before the newest that are looked at again: a slow transaction's line may appear behind a later one. */
    private static final int OVERLAP = 200;

    private final ApiJson json;
    private final Tools tools;
    private final DealSummary summary;
    private final Alarms alarms;
    private final Set<OutChannel> channels = ConcurrentHashMap.newKeySet();
    private final Map<Cid, Transfer> moved = new ConcurrentHashMap<>();
    /** Guards what follows. */
    private final Object lock = new Object();
    private Alarms.@Nullable Alarm alarm;
    private long newest;
    private long toldEpoch;
    private final Set<Long> seen = new LinkedHashSet<>();

    /** What is read. */
    public record Tools(Role role, DealStore deals, Outbox outbox, TransferRows transfers, OverviewApi.Heads heads) {}

    /** @param alarms ours alone */
    public FollowApi(ApiJson json, Tools tools, Alarms alarms) {
        this.json = json;
        this.tools = tools;
        this.summary = new DealSummary(json);
        this.alarms = alarms;
        tools.transfers().onSave(transfer -> {
            if (!channels.isEmpty() && transfer.role() == tools.role() && moved.size() < TRANSFERS) {
                moved.put(transfer.proposalCid(), transfer);
            }
        });
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Follow", RpcMethod.read(0, this::follow));
    }

    private OutChannel follow(Params params, CallContext context) {
        OutChannel channel = context.openChannel();
        synchronized (lock) {
            if (alarm == null) {
                newest = tools.outbox().newest();
                seen.clear();
                tools.outbox().after(Math.max(0, newest - OVERLAP), LINES).forEach(line -> seen.add(line.id()));
                moved.clear();
                alarm = alarms.every(EVERY, this::look);
            }
            channels.add(channel);
        }
        channel.onClose(() -> {
            channels.remove(channel);
            stopUnheard();
        });
        ObjectNode first = json.object();
        first.set("head", OverviewApi.head(json, tools.heads()));
        channel.send(first);
        return channel;
    }

    private void stopUnheard() {
        synchronized (lock) {
            if (channels.isEmpty() && alarm != null) {
                alarm.cancel();
                alarm = null;
            }
        }
    }

    /** On the alarms' thread. */
    private void look() {
        try {
            ObjectNode news = news();
            if (!news.isEmpty()) {
                channels.forEach(channel -> channel.send(news));
            }
        } catch (RuntimeException e) {
            LOG.debug("what moved could not be read, it is read again: {}", e.toString());
        }
    }

    private ObjectNode news() {
        ObjectNode news = json.object();
        synchronized (lock) {
            List<Outbox.Line> lines = tools.outbox().after(Math.max(0, newest - OVERLAP), LINES).stream()
                    .filter(line -> seen.add(line.id())).toList();
            lines.forEach(line -> newest = Math.max(newest, line.id()));
            tell(news, lines);
            forgetSeen();
            OverviewApi.Heads.Head head = tools.heads().newest();
            if (head != null && head.epoch() != toldEpoch) {
                toldEpoch = head.epoch();
                news.set("head", OverviewApi.head(json, tools.heads()));
            }
        }
        transfers(news);
        return news;
    }

    private void forgetSeen() {
        while (seen.size() > 2 * LINES) {
            seen.remove(seen.iterator().next());
        }
    }

    private void tell(ObjectNode news, List<Outbox.Line> lines) {
        Map<String, Outbox.Line> changed = new LinkedHashMap<>();
        Set<Long> sectors = new LinkedHashSet<>();
        for (Outbox.Line line : lines) {
            if (line.topic().equals("sector")) {
                sectors.add(Long.parseLong(line.key()));
            } else if (line.topic().equals(tools.role().text())) {
                changed.put(line.key(), line);
            }
        }
        if (!changed.isEmpty()) {
            ArrayNode deals = news.putArray("deals");
            changed.keySet().stream().limit(DEALS).map(Cid::parse)
                    .flatMap(cid -> tools.deals().find(cid, tools.role()).stream()).forEach(deal -> deals.add(summary.of(deal)));
            news.put("more", changed.size() > DEALS || lines.size() >= LINES);
        }
        if (!sectors.isEmpty()) {
            ArrayNode list = news.putArray("sectors");
            sectors.forEach(list::add);
        }
    }

    private void transfers(ObjectNode news) {
        List<Transfer> told = List.copyOf(moved.values());
        if (!told.isEmpty()) {
            ArrayNode list = news.putArray("transfers");
            told.forEach(transfer -> {
                moved.remove(transfer.proposalCid(), transfer);
                list.add(TransferApi.shape(json, transfer));
            });
        }
    }

    /** Ends all channels. */
    @Override
    public void close() {
        alarms.close();
        channels.forEach(OutChannel::close);
    }
}
