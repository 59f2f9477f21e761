package io.caravan.sealing;

/** Bytes that are not given out of a sector: a code, its slug and why, e.g. {@code US3 not-sealed: …}. No file is left. */
public final class UnsealRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why; the number and the slug are what scripts look at. */
    public enum Reason {
        NO_SUCH_SECTOR("US1 no-such-sector"),
        NO_SUCH_PIECE("US2 no-such-piece"),
        NOT_SEALED("US3 not-sealed"),
        BAD_RANGE("US4 bad-range"),
        FILE_EXISTS("US5 file-exists"),
        BAD_PLACE("US6 bad-place"),
        /** The bytes that are there are not the piece. */
        DAMAGED("US7 damaged"),
        OTHER_ENGINE("US8 other-engine"),
        /** This one goes away by itself. */
        BUSY("US9 busy"),
        /** A disk or a computation failed; another try may do better. */
        BROKEN_OFF("US10 broken-off");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** E.g. {@code US3 not-sealed}. */
        public String code() {
            return code;
        }
    }

    private final Reason reason;

    public UnsealRefusedException(Reason reason, String sentence) {
        super(reason.code() + ": " + sentence);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
