package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import picocli.CommandLine.Command;

/** Lists the miner's sectors with the step each is in; its words are for one that waits for an operator. */
@Command(name = "sectors", description = "List the miner's sectors: step, deals, commitments; say what to do with a parked one.",
        subcommands = {SectorWords.Retry.class, SectorWords.Drop.class, SectorWords.History.class},
        footer = {"", "Example: ./caravan sectors", "         ./caravan sectors retry 7"})
final class SectorsVerb extends Verb {

    /** How the base64 of every declared devnet proof begins: {@code CARAVAN-DEVNET-}. */
    private static final String DEVNET_PROOF = "Q0FSQVZBTi1ERVZORVQt";
    private static final String NOTICE = "\nThe proofs of these sectors (C2) are for devnets only: they are declared as such, and no other chain takes"
            + " them.";

    @Override
    public Integer call() {
        try (RunningRole miner = miner()) {
            ArrayNode all = JSON.createArrayNode();
            Table table = new Table("SECTOR", "STEP", "DEALS", "COMMR", "LAST ERROR");
            boolean isForDevnets = false;
            for (JsonNode number : miner.call("SectorsList")) {
                JsonNode sector = miner.call("SectorsStatus", number.asLong(), false);
                all.add(sector);
                isForDevnets |= sector.path("Proof").asText("").startsWith(DEVNET_PROOF);
                table.row(number.asLong(), sector.path("State").asText(), sector.path("Deals").toString().replaceAll("[\\[\\]]", ""),
                        Show.shorten(cid(sector.path("CommR")), 24), Show.shorten(sector.path("LastErr").asText(""), 90));
            }
            return answer(all, all.isEmpty() ? "no sectors yet" : table + (isForDevnets ? NOTICE : ""));
        }
    }
}
