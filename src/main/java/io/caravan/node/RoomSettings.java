package io.caravan.node;

import io.caravan.node.config.Settings;
import io.caravan.sealing.Need;
import io.caravan.sealing.SealProof;
import io.caravan.sealing.SealStep;
import io.caravan.sealing.SealTokens;
import io.caravan.sealing.SealingDisk;
import io.caravan.sealing.SealingEngine;

/** Reads how much of the machine sealing may take; what is left out comes from the machine. */
final class RoomSettings {

    private static final int MOST_CORES = 1024;

    private RoomSettings() {}

    /** Reads all of them once. */
    static void check(Settings settings) {
        int threads = threads(settings);
        if (threads > cores(settings)) {
            throw settings.wrong("sealing.threads", "must not be more than sealing.cpu, which is " + cores(settings));
        }
        settings.bytes("sealing.heap");
        disk(settings);
    }

    /** Threads that one sector gets. */
    static int threads(Settings settings) {
        int threads = settings.integer("sealing.threads", 0, MOST_CORES);
        return threads == 0 ? cores(settings) : threads;
    }

    static SealingDisk.Limits disk(Settings settings) {
        return new SealingDisk.Limits(settings.bytes("sealing.disk"), settings.bytes("sealing.disk-reserve"));
    }

    /**
     * The cores and the heap for an engine and a size of sectors: half the JVM's heap unless the setting says more or less, but
     * always so much that each step can run alone.
     *
     * @throws io.caravan.node.config.ConfigException a setting leaves too little for a step
     */
    static SealTokens.Sizes sizes(Settings settings, SealingEngine engine, SealProof proof) {
        long set = settings.bytes("sealing.heap");
        long heap = set == 0 ? Runtime.getRuntime().maxMemory() / 2 : set;
        for (SealStep step : SealStep.values()) {
            Need need = engine.need(step, proof);
            if (need.cpu() > cores(settings)) {
                throw settings.wrong("sealing.cpu", "is too little: " + step + " takes " + need.cpu() + " cores");
            }
            if (set != 0 && need.heap() > set) {
                throw settings.wrong("sealing.heap", "is too little: " + step + " takes " + need.heap() + " bytes");
            }
            heap = Math.max(heap, need.heap());
        }
        return new SealTokens.Sizes(cores(settings), heap);
    }

    private static int cores(Settings settings) {
        int cores = settings.integer("sealing.cpu", 0, MOST_CORES);
        return cores == 0 ? Runtime.getRuntime().availableProcessors() : cores;
    }
}
