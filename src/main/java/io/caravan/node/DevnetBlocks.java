package io.caravan.node;

import org.apache.camel.Body;

/** What the devnet's route calls to make a block. */
public final class DevnetBlocks {

    /** Makes it, and returns when it is kept; what goes wrong is thrown, and the next tick tries again. */
    public void make(@Body Runnable block) {
        block.run();
    }
}
