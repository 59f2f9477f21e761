package io.caravan.node.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes a new ask at the miner. */
@Command(name = "set-ask", description = "Set what this miner charges and which piece sizes it takes.")
final class SetAskVerb extends Verb {

    @Parameters(paramLabel = "PRICE", description = "attoFIL per GiB per epoch.")
    private String price = "";

    @Option(names = "--verified-price", paramLabel = "ATTOFIL", defaultValue = "", description = "For verified deals (default: the same).")
    private String verifiedPrice = "";

    @Option(names = "--duration", paramLabel = "EPOCHS", defaultValue = "1000000", description = "How long it is valid (default: ${DEFAULT-VALUE}).")
    private long duration = 1_000_000;

    @Option(names = "--min", paramLabel = "BYTES", defaultValue = "256", description = "Smallest padded piece (default: ${DEFAULT-VALUE}).")
    private long min = 256;

    @Option(names = "--max", paramLabel = "BYTES", defaultValue = "0", description = "Largest padded piece (default: the sector size).")
    private long max;

    @Override
    public Integer call() {
        try (RunningRole miner = miner()) {
            long largest = max > 0 ? max
                    : miner.call("ActorSectorSize", miner.call("ActorAddress").asText()).asLong();
            miner.call("MarketSetAsk", price, verifiedPrice.isEmpty() ? price : verifiedPrice, duration, min, largest);
            var ask = miner.call("MarketGetAsk").path("Ask");
            return answer(ask, "ask %d: %s per GiB per epoch, pieces of %s to %s, until epoch %d".formatted(
                    ask.path("SeqNo").asLong(), Show.fil(ask.path("Price").asText("0")),
                    Show.size(ask.path("MinPieceSize").asLong()), Show.size(ask.path("MaxPieceSize").asLong()),
                    ask.path("Expiry").asLong()));
        }
    }
}
