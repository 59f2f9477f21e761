package io.caravan.support;

import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;

/** Feeds a decoder what a hostile peer would: every prefix of a sound message, changed bytes, noise. */
public final class Hostile {

    /** Reads bytes or throws. */
    public interface Decoder {
        Object decode(byte[] bytes) throws Exception;
    }

    private Hostile() {
    }

    /** Every proper prefix must be refused with {@code refusal}. */
    public static void refusesEveryCut(byte[] sound, Class<? extends Exception> refusal, Decoder decoder) {
        for (int length = 0; length < sound.length; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            if (!refuses(cut, refusal, decoder, "cut at byte " + length)) {
                fail("accepted a message cut at byte " + length + " of " + sound.length);
            }
        }
    }

    /** Changed and random bytes either decode or are refused with {@code refusal}; nothing else may come out. */
    public static void survivesNoise(byte[] sound, Class<? extends Exception> refusal, Decoder decoder) {
        long seed = Long.getLong("caravan.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            byte[] noise = sound.clone();
            if (round % 3 == 0) {
                noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
            } else {
                for (int change = random.nextInt(3); change >= 0 && noise.length > 0; change--) {
                    noise[random.nextInt(noise.length)] = (byte) random.nextInt();
                }
            }
            refuses(noise, refusal, decoder, "noise of -Dcaravan.seed=" + seed + " round " + round);
        }
    }

    private static boolean refuses(byte[] bytes, Class<? extends Exception> refusal, Decoder decoder, String what) {
        try {
            decoder.decode(bytes);
            return false;
        } catch (Throwable thrown) {
            if (!refusal.isInstance(thrown)) {
                throw new AssertionError(what + ": wrong kind of refusal", thrown);
            }
            return true;
        }
    }
}
