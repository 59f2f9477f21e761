package io.caravan.deal;

/** Words of somebody else, fit for one of our sentences. */
final class Quoted {

    private Quoted() {}

    /** The text on one line, without control characters and at most that long. */
    static String text(String theirs, int most) {
        String line = theirs.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= most ? line : line.substring(0, most) + "…";
    }
}
