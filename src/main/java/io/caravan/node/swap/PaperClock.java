package io.caravan.node.swap;

import org.apache.camel.component.quartz.QuartzComponent;

/** Quartz without a clock: its endpoints can be made, and nothing ever fires. */
final class PaperClock extends QuartzComponent {

    @Override
    protected void doInit() {
        // a scheduler would have threads
    }
}
