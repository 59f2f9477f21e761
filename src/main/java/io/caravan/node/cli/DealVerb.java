package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proposes a storage deal; the daemon goes on with it by itself. */
@Command(name = "deal", description = "Store imported data with a miner. Returns at once; follow with: ./caravan deals --watch")
public final class DealVerb extends Verb {

    /** 180 days of 30 s epochs, the shortest deal that the chain takes. */
    private static final long SHORTEST_DURATION = 518_400;

    @Parameters(index = "0", paramLabel = "MINER", description = "The miner's address, such as t01000.")
    private String miner = "";

    @Parameters(index = "1", paramLabel = "PAYLOAD_CID", description = "The payload CID that import printed.")
    private String payload = "";

    @Option(names = "--wallet", paramLabel = "ADDRESS", defaultValue = "", description = "Who pays (default: the daemon's default wallet).")
    private String wallet = "";

    @Option(names = "--price", paramLabel = "ATTOFIL", defaultValue = "", description = "Price for the whole piece per epoch (default: what the miner asks).")
    private String price = "";

    @Option(names = "--duration", paramLabel = "EPOCHS", defaultValue = "" + SHORTEST_DURATION, description = "How long at least (default: ${DEFAULT-VALUE}, 180 days).")
    private long duration = SHORTEST_DURATION;

    @Option(names = "--start", paramLabel = "EPOCH", defaultValue = "-1", description = "Latest epoch at which the miner must have it sealed (default: 8 days from now).")
    private long start = -1;

    @Option(names = "--collateral", paramLabel = "ATTOFIL", defaultValue = "0", description = "What the miner puts up (default: 0, the chain's minimum and 20 %%).")
    private String collateral = "0";

    @Option(names = "--verified", description = "Spend the wallet's datacap.")
    private boolean verified;

    @Option(names = "--no-fast-retrieval", negatable = false, description = "The miner need not keep an unsealed copy.")
    private boolean noFastRetrieval;

    @Override
    public Integer call() {
        try (RunningRole daemon = daemon()) {
            JsonNode proposal = daemon.call("ClientStartDeal", params(daemon));
            return answer(object().put("proposalCid", cid(proposal)), """
                    proposal %s
                    Follow it with: ./caravan show %s
                    """.formatted(cid(proposal), cid(proposal)));
        }
    }

    private ObjectNode params(RunningRole daemon) {
        String payer = wallet.isEmpty() ? daemon.call("WalletDefaultAddress").asText() : wallet;
        String perEpoch = price.isEmpty() ? askedPrice(daemon) : price;
        ObjectNode params = object();
        params.putObject("Data").put("TransferType", "graphsync").putNull("PieceCid").put("PieceSize", 0)
                .putObject("Root").put("/", payload);
        return params.put("Wallet", payer).put("Miner", miner).put("EpochPrice", perEpoch)
                .put("MinBlocksDuration", duration).put("ProviderCollateral", collateral).put("DealStartEpoch", start)
                .put("FastRetrieval", !noFastRetrieval).put("VerifiedDeal", verified);
    }

    private String askedPrice(RunningRole daemon) {
        JsonNode ask = AskVerb.query(daemon, miner);
        long pieceSize = daemon.call("ClientDealSize", cid(payload)).path("PieceSize").asLong();
        return pricePerEpoch(new BigInteger(ask.path(verified ? "VerifiedPrice" : "Price").asText("0")), pieceSize).toString();
    }

    /** The least price per epoch that satisfies an ask: its price per GiB times the padded size, rounded up. */
    public static BigInteger pricePerEpoch(BigInteger ask, long paddedSize) {
        BigInteger gib = BigInteger.ONE.shiftLeft(30);
        return ask.multiply(BigInteger.valueOf(paddedSize)).add(gib.subtract(BigInteger.ONE)).divide(gib);
    }
}
