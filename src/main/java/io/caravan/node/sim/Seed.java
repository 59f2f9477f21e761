package io.caravan.node.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * The number that decides everything. Each subject draws from a sequence of its own, so that one more fault or deal does
 * not change what happens to the others.
 */
record Seed(long number) {

    /** The sequence of that subject. */
    RandomGenerator random(String subject) {
        return new Random(ByteBuffer.wrap(hash(subject)).getLong());
    }

    /** Keys of that subject: worthless ones, which everybody who knows the seed can make. */
    SecureRandom secure(String subject) {
        Random random = new Random(ByteBuffer.wrap(hash(subject)).getLong());
        return new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                random.nextBytes(bytes);
            }
        };
    }

    private byte[] hash(String subject) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
            return digest.digest(subject.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
