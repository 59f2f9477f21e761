package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Asks a miner for its price over libp2p. */
@Command(name = "ask", description = "Ask a miner what it charges and which sizes it takes.")
final class AskVerb extends Verb {

    @Parameters(paramLabel = "MINER", description = "The miner's address, such as t01000.")
    private String miner = "";

    @Override
    public Integer call() {
        try (RunningRole daemon = daemon()) {
            JsonNode ask = query(daemon, miner);
            return answer(ask, """
                    miner          %s
                    price          %s per GiB per epoch
                    verified price %s per GiB per epoch
                    piece size     %s to %s
                    valid until    epoch %d
                    """.formatted(ask.path("Miner").asText(), Show.fil(ask.path("Price").asText("0")),
                    Show.fil(ask.path("VerifiedPrice").asText("0")), Show.size(ask.path("MinPieceSize").asLong()),
                    Show.size(ask.path("MaxPieceSize").asLong()), ask.path("Expiry").asLong()));
        }
    }

    /** The ask itself, without its envelope. */
    static JsonNode query(RunningRole daemon, String miner) {
        JsonNode info = daemon.call("StateMinerInfo", miner, null);
        String peer = info.path("PeerId").asText("");
        if (peer.isEmpty()) {
            throw new CliException(CliException.FIX_INPUT, "miner " + miner + " has no peer id on chain, so nobody can reach it: its operator has to set one");
        }
        JsonNode answer = daemon.call("ClientQueryAsk", peer, miner);
        return answer.has("Response") ? answer.get("Response") : answer;
    }
}
