package io.caravan.store;

import io.caravan.model.FilAddress;
import io.caravan.model.SignedAsk;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Each miner's present signed ask. */
public final class AskStore {

    private final Sql sql;
    private final Clock clock;

    public AskStore(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    public Optional<SignedAsk> find(FilAddress miner) {
        return sql.one("ask/find", Map.of("miner", miner.toString()),
                (row, number) -> SignedAsk.ofCbor(row.getBytes("signed_ask")));
    }

    /** Puts the ask in the place of the one before. */
    public void save(SignedAsk ask) {
        sql.write("ask/save", Map.of("miner", ask.ask().miner().toString(), "signed_ask", ask.toCbor(), "now",
                clock.instant()));
    }
}
