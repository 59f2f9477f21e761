package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a provider has promised to deals it accepted, and what it has to give (spec deal-lifecycle 7.6): rows only, so that
 * two deals that are accepted at one moment, on one node or two, never get the same.
 */
public final class AcceptanceStore {

    private static final Integer[] ENDS = Arrays.stream(DealState.values()).filter(DealState::isFinal).map(DealState::code)
            .toArray(Integer[]::new);

    /** Over which time what a client was given is limited. */
    public static final Duration HOUR = Duration.ofHours(1);

    /**
     * What a proposal is to the chain.
     *
     * @param client by ID where the chain knows it
     * @param termsCid of the unsigned proposal with its addresses as IDs
     */
    public record Terms(FilAddress client, Cid termsCid) {}

    /** Which sums are wanted beside those of funds and disk; each costs with the number of live deals. */
    public record Wanted(boolean deals, boolean staged, boolean hour, boolean sectors) {

        public static final Wanted ALL = new Wanted(true, true, true, true);
    }

    /**
     * All that is promised or under way, the deal in question not counted; a sum that is not wanted is 0.
     *
     * @param spendable escrow that is not locked and the wallet, less what the operator keeps; may be negative
     * @param freeBytes what the disk has left, less what the operator keeps; may be negative
     * @param held collateral with an open fund hold and no promise any more
     * @param tagged collateral promised, perhaps held already
     * @param deals accepted deals whose sector is not proven
     * @param arrivingBytes padded bytes promised to transfers
     * @param stagedBytes padded bytes of deals that keep data in staging, or will
     * @param clientStagedBytes the part of this client
     * @param clientDeals this client's deals accepted in the last hour
     * @param clientBytes their padded bytes
     * @param waitingSectors sectors that take pieces, and pieces without a sector
     * @param sealingSectors sectors between the last piece and their proof
     * @param placeableBytes the largest piece that gets a place in a sector now, in padded bytes
     */
    public record Load(TokenAmount spendable, long freeBytes, TokenAmount held, TokenAmount tagged, long deals,
            BigInteger arrivingBytes, BigInteger stagedBytes, BigInteger clientStagedBytes, long clientDeals,
            BigInteger clientBytes, long waitingSectors, long sealingSectors, long placeableBytes) {}

    private final Sql sql;
    private final Clock clock;

    /** @param sql on the same database as the deals, so that a rider's writes join their transactions */
    public AcceptanceStore(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * Notes what is free now: attoFIL and bytes, as in {@link Load}; {@code placeableBytes} are padded. Makes the provider's lane at its first use, and forgets
     * who had deals accepted more than an hour ago.
     */
    public void look(FilAddress provider, TokenAmount spendable, long freeBytes, long placeableBytes) {
        sql.write("acceptance/forget", Map.of("before", clock.instant().minus(HOUR)));
        sql.write("acceptance_lane/look", Map.of("provider", provider.toString(),
                "spendable_atto", Rows.column(spendable), "free_bytes", freeBytes,
                "placeable_bytes", placeableBytes, "now", clock.instant()));
    }

    /**
     * What a deal finds that enters the lane.
     *
     * @param rival another deal with the same terms
     * @param load what stands against it
     */
    public record Entry(Optional<Cid> rival, Load load) {}

    /**
     * Enters the provider's lane: until the transaction ends nobody else accepts a deal for this provider, so what is found
     * stays true. Empty before the first look.
     *
     * @param accepted the states in which another deal with these terms counts
     */
    public Optional<Entry> enter(FilAddress provider, Cid proposalCid, Terms terms, Set<DealState> accepted, Wanted wanted) {
        List<Sql.Done> found = sql.together(List.of(
                new Sql.Part<>("acceptance_lane/lock", Map.of("provider", provider.toString()), (row, number) -> true),
                rivalOf(proposalCid, terms.termsCid(), accepted),
                loadOf(provider, terms.client(), proposalCid, wanted)));
        return found.get(2).one(Load.class).map(load -> new Entry(found.get(1).one(Cid.class), load));
    }

    /** What stands against one more deal of the client; exact while the lane is locked. */
    public Load load(FilAddress provider, FilAddress client, Cid proposalCid, Wanted wanted) {
        Sql.Part<Load> load = loadOf(provider, client, proposalCid, wanted);
        return sql.one(load.file(), load.parameters(), load.row())
                .orElseThrow(() -> new IllegalStateException("nobody has looked at what " + provider + " has to give"));
    }

    private Sql.Part<Load> loadOf(FilAddress provider, FilAddress client, Cid proposalCid, Wanted wanted) {
        return new Sql.Part<>("deal_tag/load", Map.of("provider", provider.toString(), "client", client.toString(),
                "proposal_cid", proposalCid.toString(), "since", clock.instant().minus(HOUR),
                "want_deals", wanted.deals(), "want_staged", wanted.staged(), "want_hour", wanted.hour(),
                "want_sectors", wanted.sectors()), AcceptanceStore::load);
    }

    /** Promises the deal what it needs; a promise that was made stays. */
    public void take(Deal deal, FilAddress client, Collection<DealTag> tags) {
        Sql.Part<Void> taken = taken(deal, client, tags);
        sql.write(taken.file(), taken.parameters());
    }

    /** Promises an accepted deal what it needs, and counts it for the limits of its client's hour. */
    public void accept(Deal deal, FilAddress client, Collection<DealTag> tags) {
        sql.together(List.of(taken(deal, client, tags), Sql.Part.write("acceptance/note", Map.of(
                "proposal_cid", deal.proposalCid().toString(), "client", client.toString(),
                "bytes", deal.proposal().proposal().pieceSize().bytes(), "now", clock.instant()))));
    }

    private Sql.Part<Void> taken(Deal deal, FilAddress client, Collection<DealTag> tags) {
        return Sql.Part.write("deal_tag/take", Map.of("proposal_cid", deal.proposalCid().toString(),
                "kinds", tags.stream().map(DealTag::name).toArray(String[]::new), "client", client.toString(),
                "amounts", tags.stream().map(tag -> new BigDecimal(tag.amountOf(deal))).toArray(BigDecimal[]::new),
                "now", clock.instant()));
    }

    /** Takes promises back; what was never promised is no matter. */
    public void release(Cid proposalCid, Collection<DealTag> tags) {
        if (!tags.isEmpty()) {
            sql.write("deal_tag/release", Map.of("proposal_cid", proposalCid.toString(),
                    "kinds", tags.stream().map(DealTag::name).toArray(String[]::new)));
        }
    }

    /** What a deal has been promised: attoFIL, deals or padded bytes by kind. */
    public Map<DealTag, BigInteger> tagsOf(Cid proposalCid) {
        Map<DealTag, BigInteger> tags = new EnumMap<>(DealTag.class);
        sql.list("deal_tag/of-deal", Map.of("proposal_cid", proposalCid.toString()), (row, number) ->
                tags.put(DealTag.valueOf(row.getString("kind")), row.getBigDecimal("amount").toBigIntegerExact()));
        return tags;
    }

    /** Notes what a proposal is to the chain; noting it again changes nothing. */
    public void noteTerms(Cid proposalCid, Terms terms) {
        sql.write("deal_terms/note", Map.of("proposal_cid", proposalCid.toString(),
                "client", terms.client().toString(), "terms_cid", terms.termsCid().toString(), "ends", ENDS));
    }

    public Optional<Terms> findTerms(Cid proposalCid) {
        return sql.one("deal_terms/find", Map.of("proposal_cid", proposalCid.toString()), (row, number) ->
                new Terms(FilAddress.parse(row.getString("client")), Rows.cid(row, "terms_cid")));
    }

    /** The deal has ended: its terms may be proposed again. */
    public void forgetTerms(Cid proposalCid) {
        sql.write("deal_terms/forget", Map.of("proposal_cid", proposalCid.toString()));
    }

    /** Another deal with the same terms that is in one of those states. */
    public Optional<Cid> rival(Cid proposalCid, Cid termsCid, Set<DealState> states) {
        Sql.Part<Cid> rival = rivalOf(proposalCid, termsCid, states);
        return sql.one(rival.file(), rival.parameters(), rival.row());
    }

    private static Sql.Part<Cid> rivalOf(Cid proposalCid, Cid termsCid, Set<DealState> states) {
        return new Sql.Part<>("deal_terms/rival", Map.of("proposal_cid", proposalCid.toString(),
                "terms_cid", termsCid.toString(),
                "states", states.stream().map(DealState::code).toArray(Integer[]::new)),
                (row, number) -> Rows.cid(row, "proposal_cid"));
    }

    /** When places in sealing become free. */
    public SealingPace pace() {
        return new SealingPace(sql, clock);
    }

    private static Load load(ResultSet row, int number) throws SQLException {
        return new Load(Rows.amount(row, "spendable_atto"), row.getLong("free_bytes"), Rows.amount(row, "held_atto"),
                Rows.amount(row, "tagged_atto"), row.getLong("deals"), whole(row, "arriving_bytes"),
                whole(row, "staged_bytes"), whole(row, "client_staged_bytes"), row.getLong("client_deals"),
                whole(row, "client_bytes"), row.getLong("waiting_sectors"), row.getLong("sealing_sectors"),
                row.getLong("placeable_bytes"));
    }

    private static BigInteger whole(ResultSet row, String column) throws SQLException {
        return row.getBigDecimal(column).toBigIntegerExact();
    }
}
