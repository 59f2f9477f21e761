package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Finds out why a miner can, or cannot, be reached. */
@Command(name = "doctor", description = {"Find out why a miner cannot be reached, and what to do.",
        "Without MINER: the miner of this home folder looks at itself. With MINER: the daemon looks at that miner."},
        footer = {"", "Example: ./caravan doctor f01000", "Ends with 0 when nothing is wrong, else with 1."})
final class DoctorVerb extends Verb {

    @Parameters(arity = "0..1", paramLabel = "MINER", defaultValue = "", description = "The miner's address, such as f01000.")
    private String miner = "";

    @Override
    public Integer call() {
        JsonNode diagnosis = miner.isEmpty() ? examinedByMiner() : examinedByDaemon();
        Table table = new Table("CODE", "", "CHECK", "FOUND");
        for (JsonNode finding : diagnosis.path("findings")) {
            table.row(finding.path("code").asText(), finding.path("level").asText(), finding.path("check").asText(), finding.path("sentence").asText());
        }
        answer(diagnosis, table + "\n" + diagnosis.path("sentence").asText());
        return diagnosis.path("healthy").asBoolean() ? 0 : CliException.TRY_AGAIN;
    }

    private JsonNode examinedByMiner() {
        try (RunningRole role = miner()) {
            return role.call("Caravan.Doctor");
        }
    }

    private JsonNode examinedByDaemon() {
        try (RunningRole role = daemon()) {
            return role.call("Caravan.Doctor", miner);
        }
    }
}
