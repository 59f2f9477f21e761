package io.caravan.sealing;

import java.time.Duration;

/**
 * How sealing behaves (spec sealing 5.3). Keys {@code sealing.*}.
 *
 * @param waitDealsDelay how long a piece waits for others in its sector; zero seals at once; {@code
 *     sealing.wait-deals.delay}
 * @param maxPieces a sector with so many pieces is closed; {@code sealing.max-pieces}
 * @param maxOpen most sectors that take pieces at a time; {@code sealing.max-open}
 * @param maxSealing most sectors that are filled or sealed at a time; zero is no limit; {@code sealing.max-sealing}
 * @param startBuffer epochs before a deal's start in which its piece is not taken any more; {@code
 *     sealing.start-epoch-buffer}
 * @param messageConfidence epochs on top of a message before it counts; {@code sealing.message.confidence}
 * @param seedConfidence epochs on top of the seed's epoch before it is drawn; {@code sealing.seed.confidence}
 * @param maxTries how often a step is done over before the sector is given up, or left to an operator; {@code
 *     sealing.max-tries}
 * @param parkedLimit how long a sector that is not on chain waits for an operator before its pieces go elsewhere; {@code
 *     sealing.parked.limit}
 * @param sending how messages go out
 */
public record SealingConfig(Duration waitDealsDelay, int maxPieces, int maxOpen, int maxSealing,
        long startBuffer, long messageConfidence, long seedConfidence, int maxTries, Duration parkedLimit, SendConfig sending) {

    public SealingConfig {
        require(!waitDealsDelay.isNegative(), "sealing.wait-deals.delay is negative");
        require(maxPieces >= 1 && maxPieces <= 512, "sealing.max-pieces must be 1 to 512");
        require(maxOpen >= 1, "sealing.max-open must be at least 1");
        require(maxSealing >= 0, "sealing.max-sealing is negative");
        require(startBuffer >= 0, "sealing.start-epoch-buffer is negative");
        require(messageConfidence >= 0, "sealing.message.confidence is negative");
        require(seedConfidence >= 0, "sealing.seed.confidence is negative");
        require(maxTries >= 1, "sealing.max-tries must be at least 1");
    }

    /**
     * What the network's own software does: 6 h, 256 pieces, 2 open, no limit of sealing, 480 epochs, 5 and 6 epochs deep,
     * 3 tries; and 1 h for an operator to come; but each sector's messages are its own and go at once.
     */
    public static SealingConfig standard() {
        return new SealingConfig(Duration.ofHours(6), 256, 2, 0, 480, 5, 6, 3, Duration.ofHours(1), SendConfig.PLAIN);
    }

    public SealingConfig withWaitDealsDelay(Duration delay) {
        return new SealingConfig(delay, maxPieces, maxOpen, maxSealing, startBuffer, messageConfidence, seedConfidence,
                maxTries, parkedLimit, sending);
    }

    public SealingConfig withMaxPieces(int pieces) {
        return new SealingConfig(waitDealsDelay, pieces, maxOpen, maxSealing, startBuffer, messageConfidence, seedConfidence,
                maxTries, parkedLimit, sending);
    }

    public SealingConfig withMaxOpen(int sectors) {
        return new SealingConfig(waitDealsDelay, maxPieces, sectors, maxSealing, startBuffer, messageConfidence, seedConfidence,
                maxTries, parkedLimit, sending);
    }

    public SealingConfig withMaxSealing(int sectors) {
        return new SealingConfig(waitDealsDelay, maxPieces, maxOpen, sectors, startBuffer, messageConfidence,
                seedConfidence, maxTries, parkedLimit, sending);
    }

    public SealingConfig withStartBuffer(long epochs) {
        return new SealingConfig(waitDealsDelay, maxPieces, maxOpen, maxSealing, epochs, messageConfidence, seedConfidence,
                maxTries, parkedLimit, sending);
    }

    public SealingConfig withConfidence(long message, long seed) {
        return new SealingConfig(waitDealsDelay, maxPieces, maxOpen, maxSealing, startBuffer, message, seed,
                maxTries, parkedLimit, sending);
    }

    public SealingConfig withSending(SendConfig other) {
        return new SealingConfig(waitDealsDelay, maxPieces, maxOpen, maxSealing, startBuffer, messageConfidence,
                seedConfidence, maxTries, parkedLimit, other);
    }

    private static void require(boolean isTrue, String sentence) {
        if (!isTrue) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
