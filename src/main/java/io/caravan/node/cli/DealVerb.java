package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proposes a storage deal; the daemon goes on with it by itself. */
@Command(name = "deal", description = {"Store imported data with a miner.", "Returns at once; follow with: ./caravan deals --watch"},
        footer = {"", "Example: ./caravan deal t01000 bafkrei…", "Offline: ./caravan deal t01000 bafkrei… --manual --piece-cid baga6ea… --piece-size 2048"})
public final class DealVerb extends Verb {

    /** 180 days of 30 s epochs, the shortest deal that the chain takes. */
    private static final long SHORTEST_DURATION = 518_400;

    /** Of each 128 padded bytes 127 are payload; the API counts pieces to be proposed in those. */
    private static final long PADDED = 128;
    private static final long UNPADDED = 127;

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

    @Option(names = "--fast-retrieval", description = "The miner keeps an unsealed copy. This is the default.")
    private boolean fastRetrieval;

    @Option(names = "--manual", description = "Offline: the data is carried to the miner, who takes it with ./caravan import-data. Needs --piece-cid and --piece-size.")
    private boolean manual;

    @Option(names = "--piece-cid", paramLabel = "CID", defaultValue = "", description = "The piece, as gen-car prints it.")
    private String pieceCid = "";

    @Option(names = "--piece-size", paramLabel = "BYTES", defaultValue = "0", description = "Its padded size, a power of two from 128 on.")
    private long pieceSize;

    @Override
    public Integer call() {
        checkPiece();
        try (RunningRole daemon = daemon()) {
            JsonNode proposal = daemon.call("ClientStartDeal", params(daemon));
            return answer(object().put("proposalCid", cid(proposal)), """
                    proposal %s
                    Follow it with: ./caravan show %s
                    """.formatted(cid(proposal), cid(proposal)));
        }
    }

    private void checkPiece() {
        if (fastRetrieval && noFastRetrieval) {
            throw new CliException(CliException.FIX_INPUT, "--fast-retrieval and --no-fast-retrieval cannot both be asked for");
        }
        if (pieceCid.isEmpty() != (pieceSize == 0)) {
            throw new CliException(CliException.FIX_INPUT, "--piece-cid and --piece-size belong together");
        }
        if (manual && pieceCid.isEmpty()) {
            throw new CliException(CliException.FIX_INPUT, "--manual needs --piece-cid and --piece-size: ./caravan gen-car prints them");
        }
        if (pieceSize != 0 && (pieceSize < PADDED || Long.bitCount(pieceSize) != 1)) {
            throw new CliException(CliException.FIX_INPUT, "--piece-size " + pieceSize + " is no power of two from 128 on");
        }
    }

    private ObjectNode params(RunningRole daemon) {
        String payer = wallet.isEmpty() ? daemon.call("WalletDefaultAddress").asText() : wallet;
        String perEpoch = price.isEmpty() ? askedPrice(daemon) : price;
        ObjectNode params = object();
        ObjectNode data = params.putObject("Data").put("TransferType", manual ? "manual" : "graphsync")
                .put("PieceSize", pieceSize / PADDED * UNPADDED);
        data.putObject("Root").put("/", payload);
        if (pieceCid.isEmpty()) {
            data.putNull("PieceCid");
        } else {
            data.putObject("PieceCid").put("/", pieceCid);
        }
        return params.put("Wallet", payer).put("Miner", miner).put("EpochPrice", perEpoch)
                .put("MinBlocksDuration", duration).put("ProviderCollateral", collateral).put("DealStartEpoch", start)
                .put("FastRetrieval", !noFastRetrieval).put("VerifiedDeal", verified);
    }

    private String askedPrice(RunningRole daemon) {
        JsonNode ask = AskVerb.query(daemon, miner);
        long size = pieceSize > 0 ? pieceSize : daemon.call("ClientDealSize", cid(payload)).path("PieceSize").asLong();
        return pricePerEpoch(new BigInteger(ask.path(verified ? "VerifiedPrice" : "Price").asText("0")), size).toString();
    }

    /** The least price per epoch that satisfies an ask: its price per GiB times the padded size, rounded up. */
    public static BigInteger pricePerEpoch(BigInteger ask, long paddedSize) {
        BigInteger gib = BigInteger.ONE.shiftLeft(30);
        return ask.multiply(BigInteger.valueOf(paddedSize)).add(gib.subtract(BigInteger.ONE)).divide(gib);
    }
}
