package io.caravan.piece;

import io.caravan.codec.Cid;
import java.util.concurrent.ThreadLocalRandom;

/**
 * CID to offset in 16 bytes an entry: a table of hash and offset whose user confirms a hit by reading the CID at the offset.
 *
 * <p>The hash is seeded, so that a peer cannot choose CIDs that pile up. Offsets are never negative.
 */
final class CidOffsets {
    /** Tells whether the section at an offset really carries the CID looked for. */
    interface Confirm {
        boolean isAt(long offset) throws java.io.IOException;
    }

    private static final long FREE = -1;

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final long maxEntries;
    private long[] keys = new long[64];
    private long[] offsets = free(64);
    private int size;

    CidOffsets(long maxEntries) {
        this.maxEntries = Math.min(maxEntries, 1 << 28);
    }

    int size() {
        return size;
    }

    /** The confirmed offset, or -1. */
    long find(Cid cid, Confirm confirm) throws java.io.IOException {
        long key = hash(cid);
        int mask = keys.length - 1;
        for (int i = (int) key & mask; offsets[i] != FREE; i = i + 1 & mask) {
            if (keys[i] == key && confirm.isAt(offsets[i])) {
                return offsets[i];
            }
        }
        return FREE;
    }

    /** Adds an entry without looking for an equal one; the first added is the first found. */
    void add(Cid cid, long offset) {
        if (size >= maxEntries) {
            throw new MalformedCarException("The CAR has more than " + maxEntries + " blocks");
        }
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        insert(hash(cid), offset);
        size++;
    }

    private void insert(long key, long offset) {
        int mask = keys.length - 1;
        int i = (int) key & mask;
        while (offsets[i] != FREE) {
            i = i + 1 & mask;
        }
        keys[i] = key;
        offsets[i] = offset;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldOffsets = offsets;
        keys = new long[oldKeys.length * 2];
        offsets = free(oldKeys.length * 2);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldOffsets[i] != FREE) {
                insert(oldKeys[i], oldOffsets[i]);
            }
        }
    }

    private long hash(Cid cid) {
        long h = seed;
        for (byte b : cid.toBytes()) {
            h = (h ^ b & 0xff) * 0x9e3779b97f4a7c15L;
            h ^= h >>> 29;
        }
        return h ^ h >>> 32;
    }

    private static long[] free(int length) {
        long[] offsets = new long[length];
        java.util.Arrays.fill(offsets, FREE);
        return offsets;
    }
}
