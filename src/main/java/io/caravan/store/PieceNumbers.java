package io.caravan.store;

import io.caravan.codec.Cid;
import java.util.Map;

/** The deal numbers that pieces carry; the proof of their sector names them to the market. */
public final class PieceNumbers {

    private final Sql sql;

    public PieceNumbers(Sql sql) {
        this.sql = sql;
    }

    /**
     * Gives pieces the numbers that their deals have now, all at once, for two may have swapped. Idempotent; deals without
     * a piece are passed over.
     */
    public void change(Map<Cid, Long> numbers) {
        sql.inTransaction(() -> {
            numbers.keySet().forEach(deal -> sql.write("sector_piece/unnumber", Map.of("proposal_cid", deal.toString())));
            numbers.forEach((deal, number) -> sql.write("sector_piece/renumber",
                    Map.of("proposal_cid", deal.toString(), "deal_id", number)));
            return numbers;
        });
    }
}
