package io.caravan.model;

/** What follows a try or a look that failed because the world was not ready. */
public enum Retry {
    /** It comes again, later and later; at the deadline the failure counts as the reason. */
    TRY("tries again after the backoff, until the deadline"),
    /** It comes again, later and later; a look that failed proves nothing, so the state never gives up by one. */
    LOOK("looks again after the delay; a look that failed proves nothing and gives up nothing");

    private final String label;

    Retry(String label) {
        this.label = label;
    }

    /** For the pages. */
    public String label() {
        return label;
    }
}
