package io.caravan.node.observe;

import io.caravan.deal.FundBooks;
import io.caravan.libp2p.HostStats;
import io.caravan.model.TokenAmount;
import io.caravan.node.net.Finding;
import io.caravan.store.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;

/** Turns what the parts of a role know of themselves into samples. */
public final class Figures {

    private Figures() {}

    /** In FIL; a double is exact enough for plots. */
    public static double fil(TokenAmount amount) {
        return Counting.fil(amount);
    }

    public static void backlog(Backlog backlog, Instant now, Consumer<Sample> into) {
        Backlog.Queue publish = backlog.unpublished();
        into.accept(Sample.of(Metric.PUBLISH_WAITING, publish.many()));
        into.accept(Sample.of(Metric.PUBLISH_OLDEST, age(publish.oldest(), now)));
        Map<String, Long> messages = Arrays.stream(new String[] {"INTENT", "SIGNED", "PUSHED"}).collect(Collectors.toMap(Function.identity(), none -> 0L));
        double oldest = 0;
        for (Backlog.Queue queue : backlog.messages()) {
            messages.merge(queue.kind(), queue.many(), Long::sum);
            oldest = queue.kind().equals("INTENT") ? oldest : Math.max(oldest, age(queue.oldest(), now));
        }
        messages.forEach((status, many) -> into.accept(Sample.of(Metric.MESSAGES, many, status.toLowerCase(Locale.ROOT))));
        into.accept(Sample.of(Metric.MESSAGE_OLDEST, oldest));
        Backlog.Running running = backlog.transfers();
        into.accept(Sample.of(Metric.TRANSFERS, running.many()));
        into.accept(Sample.of(Metric.TRANSFER_RATE, running.bytesPerSecond()));
    }

    private static double age(@org.jspecify.annotations.Nullable Instant since, Instant now) {
        return since == null ? 0 : Math.max(0, Duration.between(since, now).toMillis()) / 1000.0;
    }

    public static void libp2p(HostStats stats, Consumer<Sample> into) {
        into.accept(Sample.of(Metric.P2P_CONNECTIONS, stats.connectionsIn(), "in"));
        into.accept(Sample.of(Metric.P2P_CONNECTIONS, stats.connectionsOut(), "out"));
        into.accept(Sample.of(Metric.P2P_STREAMS, stats.streams()));
        into.accept(Sample.of(Metric.P2P_BYTES, stats.bytesIn(), "in"));
        into.accept(Sample.of(Metric.P2P_BYTES, stats.bytesOut(), "out"));
        into.accept(Sample.of(Metric.P2P_REFUSED, stats.refused()));
        into.accept(Sample.of(Metric.P2P_DIALS, stats.dials() - stats.dialFailures(), "ok"));
        into.accept(Sample.of(Metric.P2P_DIALS, stats.dialFailures(), "failed"));
        stats.protocols().forEach((protocol, carried) -> {
            into.accept(Sample.of(Metric.P2P_PROTOCOL_STREAMS, carried.streams(), protocol));
            into.accept(Sample.of(Metric.P2P_PROTOCOL_BYTES, carried.bytesIn(), protocol, "in"));
            into.accept(Sample.of(Metric.P2P_PROTOCOL_BYTES, carried.bytesOut(), protocol, "out"));
        });
    }

    /** @param violations since the start */
    public static void funds(Collection<FundBooks> books, long violations, Consumer<Sample> into) {
        funds("escrow", books, found -> found.balance().escrow(), into);
        funds("locked", books, found -> found.balance().locked(), into);
        funds("reserved", books, FundBooks::reserved, into);
        funds("free", books, FundBooks::free, into);
        funds("on_its_way", books, FundBooks::onItsWay, into);
        into.accept(Sample.of(Metric.FUND_VIOLATIONS, violations));
    }

    private static void funds(String kind, Collection<FundBooks> books, Function<FundBooks, TokenAmount> part, Consumer<Sample> into) {
        into.accept(Sample.of(Metric.FUNDS, fil(books.stream().map(part).reduce(TokenAmount.ZERO, TokenAmount::plus)), kind));
    }

    public static void routes(CamelContext context, Consumer<Sample> into) {
        context.getRoutes().stream().map(Route::getRouteId)
                .collect(Collectors.groupingBy(id -> String.valueOf(context.getRouteController().getRouteStatus(id)).toLowerCase(Locale.ROOT), Collectors.counting()))
                .forEach((status, many) -> into.accept(Sample.of(Metric.ROUTES, many, status)));
    }

    public static void health(HealthReport report, Consumer<Sample> into) {
        into.accept(Sample.of(Metric.READY, report.isReady() ? 1 : 0));
        for (Finding.Level level : Finding.Level.values()) {
            into.accept(Sample.of(Metric.HEALTH_FINDINGS, report.findings().stream().filter(finding -> finding.level() == level).count(),
                    level.name().toLowerCase(Locale.ROOT)));
        }
    }
}
