package io.caravan.sealing;

import io.caravan.model.PaddedPieceSize;
import io.caravan.store.SectorStore;
import io.caravan.store.SectorStore.OpenSector;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The largest piece that would get a place in a sector now, in padded bytes: any where one sector more can be opened, else
 * what the open ones have left. Looks at most once a second, for it is asked with every proposal.
 */
public final class Placeable implements LongSupplier {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private record Seen(long bytes, Instant at) {}

    private final SectorStore sectors;
    private final SealingDisk disk;
    private final PaddedPieceSize sectorSize;
    private final long sectorBytes;
    private final Clock clock;
    private volatile Seen seen = new Seen(Long.MAX_VALUE, Instant.MIN);

    /** @param sectorBytes what one sector more takes of the disk */
    public Placeable(SectorStore sectors, SealingDisk disk, PaddedPieceSize sectorSize, long sectorBytes, Clock clock) {
        this.sectors = sectors;
        this.disk = disk;
        this.sectorSize = sectorSize;
        this.sectorBytes = sectorBytes;
        this.clock = clock;
    }

    @Override
    public long getAsLong() {
        Instant now = clock.instant();
        Seen last = seen;
        if (now.isBefore(last.at()) || !now.isBefore(last.at().plus(LOOK_AGAIN))) {
            last = new Seen(look(), now);
            seen = last;
        }
        return last.bytes();
    }

    private long look() {
        return disk.shortage(sectorBytes).isEmpty() ? Long.MAX_VALUE
                : sectors.openSectors().stream().mapToLong(this::left).max().orElse(0);
    }

    /** Pieces lie at multiples of their size. */
    private long left(OpenSector open) {
        long size = sectorSize.bytes();
        while (size >= PaddedPieceSize.MIN.bytes() && (open.used() + size - 1) / size * size + size > sectorSize.bytes()) {
            size /= 2;
        }
        return size >= PaddedPieceSize.MIN.bytes() ? size : 0;
    }
}
