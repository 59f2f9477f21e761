package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealLabel;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds deals by what a person has in hand: a number, the beginning of a CID, a label. Every look goes by an index. */
public final class DealSearch {

    /** What a text shorter than this begins is too much to be of use. */
    public static final int SHORTEST = 3;
    /** What is longer is neither a CID nor a legal label. */
    public static final int LONGEST = 256;

    /** Behind every letter that a CID may have, in whatever order the database sorts. */
    private static final String BEHIND_CID = "z".repeat(64);
    /** Behind every letter that there is, in the order of their codes. */
    private static final String BEHIND_WORD = Character.toString(Character.MAX_CODE_POINT);
    private static final int MOST_WORDS = 500;

    private final Sql sql;
    private final Role role;

    /** What the other side said of a deal. */
    public record RemoteWord(DealState state, @Nullable String message, Instant at) {}

    public DealSearch(Sql sql, Role role) {
        this.sql = sql;
        this.role = role;
    }

    /** Makes a fresh deal known by its label, unless that only says the payload's CID, which its row does already. */
    static void noteLabel(Sql sql, Deal deal) {
        DealLabel label = deal.proposal().proposal().label();
        String word = label.isLegal() ? label.text().replace("\0", "").toLowerCase(Locale.ROOT) : "";
        if (!word.isBlank() && label.payloadCid().isEmpty()) {
            sql.write("deal_word/insert", Map.of("role", deal.role().text(), "word", word,
                    "proposal_cid", deal.proposalCid().toString()));
        }
    }

    /** Deals whose proposal, piece or payload CID or whose label begins with that text, newest first. */
    public List<Deal> byPrefix(String text, int limit) {
        String lower = text.toLowerCase(Locale.ROOT);
        return sql.list("deal/search", Map.of("role", role.text(), "text", lower, "cid_to", lower + BEHIND_CID,
                "word_to", lower + BEHIND_WORD, "limit", limit), DealRows::deal);
    }

    /** The deal with the number that the chain gave it; by a deep reorganisation there may be two for a while. */
    public List<Deal> byNumber(long dealId) {
        return sql.list("deal/find-number", Map.of("role", role.text(), "deal_id", dealId), DealRows::deal);
    }

    /** What the other side said of a deal, each time it said something else, oldest first. */
    public List<RemoteWord> remoteWords(Cid proposalCid) {
        return sql.list("remote_word/list", Map.of("proposal_cid", proposalCid.toString(), "role", role.text(), "limit", MOST_WORDS),
                (row, number) -> new RemoteWord(DealState.ofCode(row.getInt("state")), row.getString("message"),
                        Rows.instant(row, "at")));
    }
}
