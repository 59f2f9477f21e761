package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Whom a role's libp2p host keeps away, and whom alone it deals with: shown and changed while it runs. */
abstract class NetListVerb extends NetVerb.OfRole {

    private static final String[] FIELDS = {"Peers", "IPAddrs", "IPSubnets"};

    @Parameters(index = "0", paramLabel = "list|add|remove", defaultValue = "list", description = "What to do (default: ${DEFAULT-VALUE}).")
    private String act = "list";

    @Parameters(index = "1..*", paramLabel = "WHO", description = "Peer ids, addresses, networks such as 10.0.0.0/8.")
    private List<String> who = List.of();

    private final String method;
    private final String nobody;

    NetListVerb(String method, String nobody) {
        this.method = method;
        this.nobody = nobody;
    }

    @Override
    public Integer call() {
        if (!List.of("list", "add", "remove").contains(act) || act.equals("list") != who.isEmpty()) {
            throw new CliException(CliException.FIX_INPUT, "say list, or add or remove and whom");
        }
        try (RunningRole running = running()) {
            if (!act.equals("list")) {
                running.call(method + (act.equals("add") ? "Add" : "Remove"), listed());
            }
            JsonNode lists = running.call(method + "List");
            Table table = new Table("KIND", "WHO");
            for (String field : FIELDS) {
                lists.path(field).forEach(one -> table.row(kind(field), one.asText()));
            }
            boolean isEmpty = lists.path("Peers").isEmpty() && lists.path("IPAddrs").isEmpty() && lists.path("IPSubnets").isEmpty();
            return answer(lists, isEmpty ? nobody : table.toString());
        }
    }

    private ObjectNode listed() {
        ObjectNode lists = object();
        for (String field : FIELDS) {
            lists.putArray(field);
        }
        who.forEach(one -> lists.withArray(one.indexOf('/') >= 0 ? "IPSubnets"
                : one.indexOf('.') >= 0 || one.indexOf(':') >= 0 ? "IPAddrs" : "Peers").add(one));
        return lists;
    }

    private static String kind(String field) {
        return switch (field) {
            case "Peers" -> "peer";
            case "IPAddrs" -> "address";
            default -> "network";
        };
    }

    @Command(name = "block", description = "Whom to keep away; open connections with them end.",
            footer = {"", "Example: ./caravan net block add 203.0.113.0/24"})
    static final class Block extends NetListVerb {
        Block() {
            super("Filecoin.NetBlock", "nobody is kept away");
        }
    }

    @Command(name = "allow", description = "Whom alone to deal with, once there is any; open connections with others end.",
            footer = {"", "Example: ./caravan net allow add 10.0.0.0/8"})
    static final class Allow extends NetListVerb {
        Allow() {
            super("Caravan.NetAllow", "everybody may connect who is not kept away: ./caravan net block");
        }
    }
}
