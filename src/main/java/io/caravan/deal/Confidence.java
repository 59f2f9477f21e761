package io.caravan.deal;

/**
 * How many epochs must lie on top of what the chain shows before we believe it (deal-lifecycle §9.4). Keys
 * {@code <role>.confidence.*}; a chain that never reorganises may use 0.
 *
 * @param funds of an AddBalance message; {@code …confidence.funds}
 * @param publish of a PublishStorageDeals message; {@code …confidence.publish}
 * @param state of an activation, an expiry or a deal that vanished; {@code …confidence.state}
 */
public record Confidence(long funds, long publish, long state) {

    public Confidence {
        if (funds < 0 || publish < 0 || state < 0) {
            throw new IllegalArgumentException("a confidence is negative: funds " + funds + ", publish " + publish
                    + ", state " + state);
        }
    }

    /** Client: funds 5, publish 5, state 6. */
    public static Confidence ofClient() {
        return new Confidence(5, 5, 6);
    }

    /** Provider: funds 10, publish 10, state 6. */
    public static Confidence ofProvider() {
        return new Confidence(10, 10, 6);
    }
}
