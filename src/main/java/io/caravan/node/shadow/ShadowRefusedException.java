package io.caravan.node.shadow;

/** A candidate that is not run, with a code and one sentence that says what to change. */
public final class ShadowRefusedException extends RuntimeException {

    ShadowRefusedException(String code, String sentence) {
        super(code + " " + sentence);
    }
}
