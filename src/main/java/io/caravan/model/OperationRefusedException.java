package io.caravan.model;

/** An operator's word that is not obeyed: a code, its slug and why, e.g. {@code OP2 has-ended: the deal is Expired}. */
public final class OperationRefusedException extends RuntimeException {

    /** Why a word is not obeyed; the number and the slug are what scripts look at. */
    public enum Reason {
        NO_SUCH_DEAL("OP1 no-such-deal"),
        HAS_ENDED("OP2 has-ended"),
        NOT_BEFORE_PUBLISH("OP3 not-before-publish"),
        NO_SUCH_REWIND("OP4 no-such-rewind"),
        NO_SUCH_STATE("OP5 no-such-state"),
        STILL_NEEDED("OP6 still-needed"),
        NOTHING_HELD("OP7 nothing-held"),
        ENDS_ALREADY("OP8 ends-already"),
        BAD_REASON("OP9 bad-reason"),
        /** The only one that goes away by itself. */
        BUSY("OP10 busy"),
        NO_SUCH_SECTOR("OP11 no-such-sector"),
        NOT_PARKED("OP12 not-parked"),
        MAY_BE_PROVEN("OP13 may-be-proven");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** E.g. {@code OP3 not-before-publish}. */
        public String code() {
            return code;
        }
    }

    private final Reason reason;

    public OperationRefusedException(Reason reason, String sentence) {
        super(reason.code() + ": " + sentence);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
