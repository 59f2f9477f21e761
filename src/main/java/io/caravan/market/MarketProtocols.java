package io.caravan.market;

import java.util.List;

/** The protocol ids of this package (wire-protocols §5.1, §8, §9), and the order in which a client prefers them. */
public final class MarketProtocols {

    public static final String ASK = "/fil/storage/ask/1.1.0";
    public static final String DEAL = "/fil/storage/mk/1.1.1";
    /** The same messages as {@link #DEAL}, but a label must be text. */
    public static final String DEAL_TEXT_LABEL = "/fil/storage/mk/1.1.0";
    public static final String STATUS = "/fil/storage/status/1.1.0";
    /** Ours: a provider tells a client that a deal has moved, and nothing more (deal-lifecycle §11.5). */
    public static final String STATUS_POKE = "/caravan/storage/status-poke/1.0.0";
    public static final String TRANSFER = "/fil/datatransfer/1.2.0";
    public static final String GRAPHSYNC = "/ipfs/graphsync/2.0.0";

    /** What a client offers for a proposal, the best first. */
    public static final List<String> DEAL_PREFERENCE = List.of(DEAL, DEAL_TEXT_LABEL);

    private MarketProtocols() {
    }
}
