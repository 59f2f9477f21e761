package io.caravan.model;

/** We refuse the deal. The peer reads the reason; our log keeps the detail, which may name what a peer must not learn. */
public final class RejectedException extends PhaseException {

    private final String detailForUs;

    public RejectedException(String reasonForPeer, String detailForUs) {
        super(reasonForPeer);
        this.detailForUs = detailForUs;
    }

    /** What the other side is told, one sentence. */
    public String reasonForPeer() {
        return getMessage();
    }

    /** What our log and our event row say. */
    public String detailForUs() {
        return detailForUs;
    }
}
