package io.caravan.node.sim;

import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.store.Database;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which proposals became deals on the chain, by the miner's messages that landed and what the chain returned for each. */
final class Publications {

    private Publications() {}

    /** How often each proposal was taken by the chain. */
    static Map<String, Integer> of(Database miner) {
        Map<String, Integer> taken = new TreeMap<>();
        for (String[] row : Rows.of(miner, "SELECT encode(params, 'hex'), encode(returned, 'hex') FROM chain_message WHERE receiver = ? AND method = "
                + Methods.MARKET_PUBLISH_STORAGE_DEALS + " AND status = 'LANDED' AND exit_code = 0 AND returned IS NOT NULL",
                Methods.MARKET.toString())) {
            var deals = PublishStorageDealsParams.ofCbor(HexFormat.of().parseHex(row[0])).deals();
            PublishStorageDealsReturn answer = PublishStorageDealsReturn.ofCbor(HexFormat.of().parseHex(row[1]));
            for (int place = 0; place < deals.size(); place++) {
                if (answer.idAt(place).isPresent()) {
                    taken.merge(deals.get(place).proposalCid().toString(), 1, Integer::sum);
                }
            }
        }
        return taken;
    }

    /** Proposals that were published more than once. */
    static List<String> twice(Database miner) {
        return of(miner).entrySet().stream().filter(entry -> entry.getValue() > 1).map(Map.Entry::getKey).toList();
    }
}
