package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;

/** Lists the miner's sectors with the step each is in; its words are for one that waits for an operator. */
@Command(name = "sectors", description = "List the miner's sectors: step and progress, deals, commitments, what is wrong; say what to do with "
        + "a parked one.",
        subcommands = {SectorWords.Retry.class, SectorWords.Drop.class, SectorWords.History.class, UnsealWord.class},
        footer = {"", "Example: ./caravan sectors", "         ./caravan sectors retry 7"})
final class SectorsVerb extends Verb {

    private static final int COMM_R = 24;
    private static final int NOTE = 100;

    @Override
    public Integer call() {
        try (RunningRole miner = miner()) {
            ObjectNode all = (ObjectNode) miner.call("Caravan.Sectors", null, null);
            JsonNode next = all.path("next");
            while (next.isNumber()) {
                JsonNode page = miner.call("Caravan.Sectors", next.asLong(), null);
                page.path("sectors").forEach(all.withArray("sectors")::add);
                next = page.path("next");
            }
            all.remove("next");
            all.set("room", miner.call("Caravan.SealingRoom"));
            return answer(all, text(all));
        }
    }

    private static String text(JsonNode all) {
        Table table = new Table("SECTOR", "STEP", "DEALS", "COMMR", "NOTE");
        for (JsonNode sector : all.path("sectors")) {
            table.row(sector.path("number").asLong(), step(sector), sector.path("deals").toString().replaceAll("[\\[\\]]", ""),
                    Show.shorten(cid(sector.path("commR")), COMM_R), Show.cut(note(sector), NOTE));
        }
        return (all.path("sectors").isEmpty() ? "no sectors yet\n" : table.toString()) + "\n" + room(all.path("room")) + "\n\n"
                + all.path("notice").asText();
    }

    /** Where a sector stands, and how far. */
    static String step(JsonNode sector) {
        JsonNode progress = sector.path("progress");
        if (progress.isObject()) {
            return "%s: %s, %d %%".formatted(sector.path("state").asText(), progress.path("text").asText(),
                    progress.path("done").asLong() * 100 / Math.max(1, progress.path("total").asLong()));
        }
        return sector.path("state").asText() + (sector.path("stage").asText().equals("faulty") ? ", faulty" : "");
    }

    /** What is wrong with it, or what it waits for. */
    static String note(JsonNode sector) {
        String error = sector.path("lastError").asText("");
        if (sector.path("parked").asBoolean()) {
            return "waits for an operator: " + error;
        }
        if (sector.path("subState").asText().equals("failed")) {
            return sector.path("standing").asText();
        }
        for (String field : new String[] {error, sector.path("message").asText("")}) {
            if (!field.isEmpty()) {
                return field;
            }
        }
        String until = sector.path("waitsUntil").asText("");
        boolean isTold = sector.path("progress").isObject() || sector.path("state").asText().equals("Proving");
        return sector.path("waitsFor").asText("").isEmpty() ? isTold ? "" : sector.path("standing").asText("")
                : "waits for " + sector.path("waitsFor").asText() + (until.isEmpty() ? "" : ", until " + until);
    }

    /** What sealing has of the machine, in one line, and what is missing. */
    private static String room(JsonNode room) {
        StringBuilder who = new StringBuilder();
        room.path("holders").forEach(holder -> who.append(who.isEmpty() ? " (" : "; ").append(holder.asText()));
        JsonNode disk = room.path("disk");
        String shortage = disk.path("shortage").asText("");
        return "Sealing has %d of %d cpu, %s of %s heap%s; disk: %s reserved, %s free%s".formatted(room.path("cpu").path("taken").asInt(),
                room.path("cpu").path("size").asInt(), Show.size(room.path("heap").path("taken").asLong()),
                Show.size(room.path("heap").path("size").asLong()), who.isEmpty() ? "" : who + ")",
                Show.size(disk.path("reserved").asLong()), Show.size(disk.path("free").asLong()),
                disk.path("shortage").isTextual() ? "\nNo sector can be opened: " + shortage : "");
    }
}
