package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import picocli.CommandLine.Command;

/** Lists the miner's sectors with the step each is in; its words are for one that waits for an operator. */
@Command(name = "sectors", description = "List the miner's sectors: step, deals, commitments; say what to do with a parked one.",
        subcommands = {SectorWords.Retry.class, SectorWords.Drop.class, SectorWords.History.class},
        footer = {"", "Example: ./caravan sectors", "         ./caravan sectors retry 7"})
final class SectorsVerb extends Verb {

    @Override
    public Integer call() {
        try (RunningRole miner = miner()) {
            ArrayNode all = JSON.createArrayNode();
            Table table = new Table("SECTOR", "STEP", "DEALS", "COMMR", "LAST ERROR");
            for (JsonNode number : miner.call("SectorsList")) {
                JsonNode sector = miner.call("SectorsStatus", number.asLong(), false);
                all.add(sector);
                table.row(number.asLong(), sector.path("State").asText(), sector.path("Deals").toString().replaceAll("[\\[\\]]", ""),
                        Show.shorten(cid(sector.path("CommR")), 24), Show.shorten(sector.path("LastErr").asText(""), 60));
            }
            return answer(all, all.isEmpty() ? "no sectors yet" : table.toString());
        }
    }
}
