package io.caravan.node.sim;

/** A line of a fault script that means nothing; the sentence names the line and what is allowed. */
public final class FaultScriptException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    FaultScriptException(String sentence) {
        super(sentence);
    }
}
