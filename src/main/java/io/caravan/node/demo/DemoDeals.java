package io.caravan.node.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.cli.DealVerb;
import io.caravan.node.cli.RunningRole;
import io.caravan.node.cli.Show;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** Starts deals as middleware does: import, ask, size, start, each one JSON-RPC call. */
final class DemoDeals {

    private static final long DURATION = 518_400;

    private final ObjectMapper json = new ObjectMapper();
    private final RunningRole daemon;
    private final DemoView view;
    private final String miner;
    private final String wallet;
    private final BigInteger askedPrice;
    private final Map<String, Long> sizes = new HashMap<>();

    DemoDeals(RunningRole daemon, RunningRole minerRole, DemoView view) {
        this.daemon = daemon;
        this.view = view;
        this.miner = minerRole.call("ActorAddress").asText();
        this.wallet = daemon.call("WalletDefaultAddress").asText();
        String peer = daemon.call("StateMinerInfo", miner, null).path("PeerId").asText();
        JsonNode ask = daemon.call("ClientQueryAsk", peer, miner).path("Response");
        this.askedPrice = new BigInteger(ask.path("Price").asText());
        view.note("Miner %s asks %s per GiB and epoch; wallet %s pays".formatted(miner, Show.fil(askedPrice.toString()), wallet));
    }

    /** Bytes that each started deal has to move, by proposal CID; the map grows with the deals. */
    Map<String, Long> sizes() {
        return Collections.unmodifiableMap(sizes);
    }

    /** Imports the file and starts a deal; returns the proposal CID. */
    String start(Path file, int index) {
        JsonNode root = daemon.call("ClientImport", Map.of("Path", file.toAbsolutePath().toString(), "IsCAR", false)).get("Root");
        JsonNode size = daemon.call("ClientDealSize", root);
        long pieceSize = size.path("PieceSize").asLong();
        long head = daemon.call("ChainHead").path("Height").asLong();
        ObjectNode params = json.createObjectNode();
        params.putObject("Data").put("TransferType", "graphsync").putNull("PieceCid").put("PieceSize", 0).set("Root", root);
        // The same file twice would be the same proposal: the start epoch tells the deals apart.
        params.put("Wallet", wallet).put("Miner", miner)
                .put("EpochPrice", DealVerb.pricePerEpoch(askedPrice, pieceSize).toString())
                .put("MinBlocksDuration", DURATION).put("ProviderCollateral", "0")
                .put("DealStartEpoch", head + 23_040 + index).put("FastRetrieval", true).put("VerifiedDeal", false);
        String proposal = daemon.call("ClientStartDeal", params).path("/").asText();
        view.note("%s, %s as piece: proposal %s".formatted(file.getFileName(), Show.size(pieceSize), proposal));
        sizes.put(proposal, size.path("PayloadSize").asLong());
        view.started(proposal, file.getFileName().toString());
        return proposal;
    }
}
