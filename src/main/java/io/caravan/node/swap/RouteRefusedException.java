package io.caravan.node.swap;

import java.util.Locale;

/** A file of routes is not taken. The message is {@code R5 id-taken: miner/3-accept.camel.yaml:12: …}. */
public final class RouteRefusedException extends RuntimeException {

    /** Why; the code is stable and never given to another reason. */
    public enum Reason {
        /** Empty, not text, or larger than a file of routes may be. */
        UNREADABLE("R1"),
        /** Not YAML. */
        NOT_YAML("R2"),
        /** YAML, but no list of routes and error configurations as Camel reads them. */
        NOT_A_ROUTE("R3"),
        /** A route without an id. */
        NO_ID("R4"),
        /** An id that another route, of this file or another one, has. */
        ID_TAKEN("R5"),
        /** A component that is not there. */
        UNKNOWN_COMPONENT("R6"),
        /** An option that its endpoint does not have, or a value that it does not take. */
        WRONG_OPTION("R7"),
        /** A state that does not exist, or in which nothing is done. */
        UNKNOWN_STATE("R8"),
        /** An event that does not exist, or to which the state does not react. */
        ILLEGAL_EVENT("R9"),
        /** A phase without an error configuration, or one that does not exist, or an error handler of a route's own. */
        NO_ERROR_CONFIGURATION("R10"),
        /** A placeholder that is no setting. */
        UNKNOWN_PLACEHOLDER("R11"),
        /** A bean, or a method of it, that is not there. */
        UNKNOWN_BEAN("R12"),
        /** A direct: call that nobody would answer. */
        NOBODY_ANSWERS("R13"),
        /** A state, method or protocol that another route serves. */
        SERVED_TWICE("R14"),
        /** Camel cannot build it. */
        NOT_BUILT("R15"),
        /** It was built, but did not start; the version before runs again. */
        NOT_STARTED("R16"),
        /** What the version before does has to end first and takes long. */
        BUSY("R17"),
        /** No such file or version, or nowhere to write one. */
        NO_SUCH_VERSION("R18");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** {@code R5 id-taken}. */
        public String text() {
            return code + " " + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;
    private final int line;

    /** @param line counted from 1; 0 where it is none in particular */
    public RouteRefusedException(Reason reason, String file, int line, String sentence) {
        super(reason.text() + ": " + file + (line > 0 ? ":" + line : "") + ": " + sentence);
        this.reason = reason;
        this.line = line;
    }

    public Reason reason() {
        return reason;
    }

    public int line() {
        return line;
    }
}
