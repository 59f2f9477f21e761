package io.caravan.time;

import java.time.Duration;

/** Something that one waits for and others give; giving it twice before it was taken is giving it once. */
public interface Signal {

    void give();

    /**
     * Waits until it is given, and takes it.
     *
     * @return false if it was not given in that time
     * @throws InterruptedException the thread shall end
     */
    boolean await(Duration limit) throws InterruptedException;
}
