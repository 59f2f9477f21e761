package io.caravan.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docs/rpc.md: the methods of daemon and miner, from the rpc routes and from what {@code node.api} registers. */
final class RpcPage {

    private static final Pattern ROUTE = Pattern.compile("description: (.*)\\R(?:.*\\R){2}    from:\\R"
            + "      uri: jsonrpc:(\\S+)\\R      parameters:\\R        permission: (\\w+)\\R        params: (-?\\d+)");
    private static final Pattern REGISTERED = Pattern.compile("methods\\.register\\(\"([^\"]+)\",\\s*RpcMethod\\."
            + "(?:read\\((\\d+)|of\\(Permission\\.(\\w+), (\\d+))");
    private static final List<String> BOTH = List.of("CommonApi", "AccessApi", "NetApi", "NetBlockApi", "ProcessApi", "CaravanApi", "OperatorApi", "FeedApi", "ShadowApi", "FundsApi",
            "TransferApi", "AuditApi", "RemovalsApi", "RouteApi", "OverviewApi", "DealSearchApi", "FollowApi", "AlertsApi",
            "LimitsApi");
    private static final List<String> DAEMON = List.of("WalletApi", "ImportApi", "DoctorApi");
    private static final List<String> MINER = List.of("SectorApi", "SectorListApi", "PipelineApi", "SectorOperatorApi", "UnsealApi", "SealingRoomApi", "DataImportApi", "HealthApi");

    private static final List<String> DEVNET = List.of("DevnetHealthApi");

    private record Method(String right, String params, String place) {}

    private RpcPage() {}

    static String text() {
        var page = new StringBuilder("""
                # JSON-RPC

                Written from the `rpc-` routes and from what `node.api` registers; do not edit it by hand.

                Names, parameters, answers and errors are Lotus' own: the last Lotus release that had a method defines it. POST to
                `/rpc/v1` or `/rpc/v0`, or open a WebSocket there; methods that answer with a channel need the WebSocket. The right is
                the one that the caller's token must carry (`Authorization: Bearer …`, the file `token` of the role's folder).

                The daemon hands every other `Filecoin.` method on to its chain node, with the right that Lotus asks for it.

                """);
        section(page, "Daemon", methods("daemon", DAEMON));
        section(page, "Miner", methods("miner", MINER));
        page.append("Devnet and Lotus answer Lotus' methods of a chain node; the devnet besides `Caravan.Health` (right read) and its own `Devnet.*`.\n");
        return page.toString();
    }

    private static void section(StringBuilder page, String title, Map<String, Method> methods) {
        page.append("## ").append(title)
                .append("\n\n| method | right | parameters | answered by |\n|---|---|---|---|\n");
        methods.forEach((name, method) -> page.append("| ")
                .append(String.join(" | ", name, method.right(), method.params(), method.place())).append(" |\n"));
        page.append('\n');
    }

    private static Map<String, Method> methods(String folder, List<String> own) {
        var methods = new TreeMap<String, Method>();
        for (Path file : Pages.files("routes/" + folder)) {
            Matcher route = ROUTE.matcher(Pages.read(file));
            while (route.find()) {
                put(methods, route.group(2), route.group(3), route.group(4),
                        "[" + file.getFileName() + "](../" + file + "): " + route.group(1));
            }
        }
        for (Path file : Pages.files("src/main/java/io/caravan/node/api")) {
            String type = file.getFileName().toString().replace(".java", "");
            Matcher call = REGISTERED.matcher(Pages.read(file));
            if (!BOTH.contains(type) && !own.contains(type)) {
                if (call.find() && !DAEMON.contains(type) && !MINER.contains(type) && !DEVNET.contains(type)) {
                    throw new AssertionError(type + " registers methods, and nobody said here which role serves them");
                }
                continue;
            }
            while (call.find()) {
                boolean isRead = call.group(2) != null;
                put(methods, call.group(1), isRead ? "read" : call.group(3).toLowerCase(Locale.ROOT),
                        isRead ? call.group(2) : call.group(4), "`" + type + "`");
            }
        }
        return methods;
    }

    private static void put(Map<String, Method> methods, String name, String right, String params, String place) {
        if (methods.put(name, new Method(right, params.equals("-1") ? "any" : params, place)) != null) {
            throw new IllegalStateException(name + " is answered twice");
        }
    }
}
