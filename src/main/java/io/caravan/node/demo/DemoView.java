package io.caravan.node.demo;

import java.time.Duration;
import java.util.List;

/** What a person, or a program, sees of the demo. Implementations only print. */
interface DemoView {

    /** One line about the setting: where things run, what is stored. */
    void note(String line);

    /** A deal was accepted by the daemon; {@code name} is the file's. */
    void started(String proposalCid, String name);

    void moved(Move move);

    void progress(String proposalCid, Progress progress);

    /** What the miner computes now; nothing when it computes nothing. */
    void sealing(List<Sealing> running);

    /** Redraws, for views that do; called a few times a second. */
    void tick();

    void finished(Result result);

    /** A deal that ended well. */
    record Done(String proposalCid, long dealId, long sector, String priceAtto) {}

    /**
     * How the demo ended.
     *
     * @param failure what did not happen and why; empty when all deals are Active
     */
    record Result(List<Done> deals, Duration took, String failure) {}
}
