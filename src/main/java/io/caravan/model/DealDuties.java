package io.caravan.model;

import static io.caravan.model.DealState.*;
import static io.caravan.model.EpochBound.*;
import static io.caravan.model.Retry.LOOK;
import static io.caravan.model.Retry.TRY;
import static io.caravan.model.WaitsOn.CHAIN;
import static io.caravan.model.WaitsOn.NODE;
import static io.caravan.model.WaitsOn.PEER;
import static io.caravan.model.WaitsOn.SEALER;
import static io.caravan.model.WaitsOn.TIME;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * For each live state of each side: its owner, what it usually waits for, its retry rule, its idle time and its last
 * epoch, declared once beside {@link DealFlow} (spec deal-lifecycle 6.1, 6.3, 10.5 and 13). Where the spec names no time,
 * the table has one that only a mishap reaches; nodes may be told other idle times.
 */
public final class DealDuties {

    /** How long an offline deal waits for its data: its epoch decides, this is only the outermost bound. */
    public static final Duration OFFLINE_DATA = Duration.ofDays(60);

    private static final Duration FOREVER = Duration.ofDays(1400); // longer than the longest deal the chain allows

    private static final Map<DealState, Duty> CLIENT = client();
    private static final Map<DealState, Duty> PROVIDER = provider();

    private DealDuties() {}

    /** One side's table, in the order of the codes. */
    public static Map<DealState, Duty> of(Role role) {
        return role == Role.CLIENT ? CLIENT : PROVIDER;
    }

    /** One state's row; empty where nothing is to be done. */
    public static Optional<Duty> of(Role role, DealState state) {
        return Optional.ofNullable(of(role).get(state));
    }

    private static Map<DealState, Duty> client() {
        var table = new EnumMap<DealState, Duty>(DealState.class);
        table.put(UNKNOWN, new Duty("daemon/2-fund", NODE, "its first step", TRY, hours(1), NONE));
        table.put(RESERVE_CLIENT_FUNDS, new Duty("daemon/2-fund", CHAIN, "its money to be set aside in the market's escrow",
                TRY, hours(24), START));
        table.put(CLIENT_FUNDING, new Duty("daemon/2-fund", CHAIN, "the AddBalance message to be on chain, deep enough", LOOK,
                hours(24), START));
        table.put(FUNDS_RESERVED, new Duty("daemon/2-propose", PEER, "the miner to take and answer the proposal", TRY, hours(1),
                START));
        table.put(START_DATA_TRANSFER, new Duty("daemon/3-transfer", PEER, "the miner to open the transfer", TRY, hours(1),
                START));
        table.put(TRANSFER_QUEUED, new Duty("daemon/3-transfer", PEER, "the miner to ask for the first block", TRY, hours(24),
                START));
        table.put(TRANSFERRING, new Duty("daemon/3-transfer", PEER, "the miner to take the data", TRY, hours(24), START));
        table.put(CLIENT_TRANSFER_RESTART, new Duty("daemon/3-transfer", PEER, "the miner to take up the transfer again", TRY,
                hours(24), START));
        table.put(CHECK_FOR_ACCEPTANCE, new Duty("daemon/4-accept", PEER, "the miner to publish the deal", LOOK, days(30),
                START_SETTLED));
        table.put(PROPOSAL_ACCEPTED, new Duty("daemon/4-accept", CHAIN, "the publish message to be on chain, deep enough", LOOK,
                days(30), START_SETTLED));
        table.put(AWAITING_PRE_COMMIT, new Duty("daemon/7-follow", PEER, "the miner to pre-commit the deal's sector", LOOK,
                days(60), START_SETTLED));
        table.put(SEALING, new Duty("daemon/7-follow", CHAIN, "the proof of the deal's sector", LOOK, days(60), START_SETTLED));
        table.put(ACTIVE, new Duty("daemon/8-track", TIME, "the deal's end", LOOK, FOREVER, END_SETTLED));
        table.put(FAILING, new Duty("daemon/9-fail", NODE, "what it holds to be given back", TRY, hours(24), NONE));
        return Collections.unmodifiableMap(table);
    }

    private static Map<DealState, Duty> provider() {
        var table = new EnumMap<DealState, Duty>(DealState.class);
        table.put(UNKNOWN, new Duty("miner/3-accept", NODE, "its first step", TRY, hours(1), NONE));
        table.put(VALIDATING, new Duty("miner/3-accept", CHAIN, "its proposal to be checked", TRY, minutes(10), BEFORE_START));
        table.put(ACCEPT_WAIT, new Duty("miner/3-accept", NODE, "our decision", TRY, minutes(10), BEFORE_START));
        table.put(WAITING_FOR_DATA, new Duty("miner/3-transfer", PEER, "the client's data", TRY, hours(1), BEFORE_START));
        table.put(TRANSFERRING, new Duty("miner/3-transfer", PEER, "more of the client's data", TRY, hours(24), BEFORE_START));
        table.put(PROVIDER_TRANSFER_AWAIT_RESTART, new Duty("miner/3-transfer", PEER,
                "the client to take up the transfer again", TRY, hours(1), BEFORE_START));
        table.put(VERIFY_DATA, new Duty("miner/4-verify", NODE, "the data's commitment to be computed", TRY, hours(24),
                BEFORE_START));
        table.put(RESERVE_PROVIDER_FUNDS, new Duty("miner/5-fund", CHAIN, "our collateral to be set aside in the market's escrow",
                TRY, hours(24), BEFORE_START));
        table.put(PROVIDER_FUNDING, new Duty("miner/5-fund", CHAIN, "the AddBalance message to be on chain, deep enough", LOOK,
                hours(24), BEFORE_START));
        // The phase itself lets go in time what is in no message and in no sector; what is may still succeed.
        table.put(PUBLISH, new Duty("miner/6-publish", TIME, "the publish batch to close", LOOK, days(30), START_SETTLED));
        table.put(PUBLISHING, new Duty("miner/6-publish", CHAIN, "the publish message to be on chain, deep enough", LOOK,
                days(30), START_SETTLED));
        table.put(STAGED, new Duty("miner/6-publish", SEALER, "sealing to take the piece", TRY, days(30), START));
        table.put(AWAITING_PRE_COMMIT, new Duty("miner/7-seal", SEALER, "the pre-commit of the piece's sector", LOOK, days(60),
                START_SETTLED));
        table.put(SEALING, new Duty("miner/7-seal", SEALER, "the proof of the piece's sector", LOOK, days(60), START_SETTLED));
        table.put(FINALIZING, new Duty("miner/7-seal", NODE, "the staged data to be deleted", TRY, hours(24), NONE));
        table.put(ACTIVE, new Duty("miner/8-track", TIME, "the deal's end", LOOK, FOREVER, END_SETTLED));
        table.put(REJECTING, new Duty("miner/9-fail", PEER, "the client to read our refusal", TRY, minutes(10), NONE));
        table.put(FAILING, new Duty("miner/9-fail", NODE, "what it holds to be given back", TRY, hours(24), NONE));
        return Collections.unmodifiableMap(table);
    }

    private static Duration minutes(long number) {
        return Duration.ofMinutes(number);
    }

    private static Duration hours(long number) {
        return Duration.ofHours(number);
    }

    private static Duration days(long number) {
        return Duration.ofDays(number);
    }
}
