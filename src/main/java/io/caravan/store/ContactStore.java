package io.caravan.store;

import io.caravan.model.FilAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where each miner was found last: never used to dial, only to say that one has moved. */
public final class ContactStore {

    private static final String SEPARATOR = "\n";

    private final Sql sql;
    private final Clock clock;

    public ContactStore(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    public Optional<Contact> find(FilAddress miner) {
        return sql.one("miner_contact/find", Map.of("miner", miner.toString()), (row, number) ->
                new Contact(row.getString("peer"), List.of(row.getString("addresses").split(SEPARATOR)), Rows.instant(row, "at")));
    }

    /** The miner has answered there now. */
    public void answered(FilAddress miner, String peer, List<String> addresses) {
        sql.write("miner_contact/save", Map.of("miner", miner.toString(), "peer", peer, "addresses",
                String.join(SEPARATOR, addresses.stream().sorted().toList()), "at", clock.instant()));
    }
}
