package io.caravan.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a candidate of a phase that runs beside the live one does at a call of this method. A method without this word is never
 * called by a candidate: it may write, send or take what is the live phase's alone.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface InShadow {

    /** Run it, or go on as if it had run. */
    enum How {
        /** It reads and judges; called twice for a deal it leaves everything as called once. */
        RUN,
        /** It decides nothing. */
        SKIP
    }

    How value();
}
