package io.caravan.sealing;

import io.caravan.model.Sector;
import io.caravan.model.SectorState;
import io.caravan.store.DiskReservations;
import io.caravan.store.DiskReservations.Reservation;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The room in the sealing folder: a sector is opened only when all it will need until it is finalized fits beside what is
 * reserved for the others, and a step that writes does not begin when somebody else filled the disk. What does not fit
 * waits; it goes on by itself when there is room.
 */
public final class SealingDisk {

    /**
     * @param most bytes that the sectors being sealed may take together, 0 as many as the disk has; {@code sealing.disk}
     * @param reserve bytes of the disk that stay free; {@code sealing.disk-reserve}
     */
    public record Limits(long most, long reserve) {}

    /** @param sector the sector that was opened; null when there is no room, and {@code shortage} says so */
    public record Opening(@Nullable Sector sector, @Nullable String shortage) {}

    private final DiskReservations rows;
    private final SectorFiles files;
    private final LongSupplier free;
    private final Supplier<Limits> limits;

    /** @param free bytes that the disk of the sealing folder has left for us, at this moment */
    public SealingDisk(DiskReservations rows, SectorFiles files, LongSupplier free, Supplier<Limits> limits) {
        this.rows = rows;
        this.files = files;
        this.free = free;
        this.limits = limits;
    }

    /** Opens a sector that takes at most so many bytes, its room reserved with it, or says what is missing. */
    public Opening open(long bytes, Supplier<Sector> opening) {
        Optional<Sector> opened = rows.open(bytes, this::room, opening);
        return opened.map(sector -> new Opening(sector, null)).orElseGet(() -> new Opening(null, missing(bytes, rows.list())));
    }

    /** Why no sector of so many bytes can be opened now; empty when one can. */
    public Optional<String> shortage(long bytes) {
        List<Reservation> reserved = rows.list();
        return room(reserved) >= bytes ? Optional.empty() : Optional.of(missing(bytes, reserved));
    }

    /**
     * Why a sector that is being sealed cannot go on writing: somebody else took the disk; empty when it can.
     *
     * @param bytes the most that it takes, with what it has written already
     */
    public Optional<String> shortage(SectorRef sector, long bytes) {
        long left = bytes - files.bytes(sector);
        long there = free.getAsLong();
        return there >= left ? Optional.empty() : Optional.of("no disk: needs " + ByteWords.needed(left) + " more, "
                + ByteWords.there(there) + " free of " + files.root());
    }

    /** Bytes that the disk has left now. */
    public long free() {
        return free.getAsLong();
    }

    public Limits limits() {
        return limits.get();
    }

    /** What is reserved now. */
    public List<Reservation> reserved() {
        return rows.list();
    }

    /** What is left for one sector more. */
    private long room(List<Reservation> reserved) {
        long toCome = reserved.stream().mapToLong(this::toCome).sum();
        Limits now = limits.get();
        long onDisk = free.getAsLong() - now.reserve() - toCome;
        return now.most() == 0 ? onDisk : Math.min(onDisk, now.most() - sum(reserved));
    }

    /**
     * What the sector may still write. Files of its first step are as long as they will be before they are written, so
     * until that step is done they count as nothing.
     */
    private long toCome(Reservation one) {
        boolean isBegun = one.sector().state() != SectorState.PRE_COMMIT_PHASE_1;
        return Math.max(0, one.bytes() - (isBegun ? files.bytes(SectorRef.of(one.sector())) : 0));
    }

    private String missing(long bytes, List<Reservation> reserved) {
        String others = reserved.isEmpty() ? "" : ", " + ByteWords.needed(sum(reserved)) + " of it reserved for sectors "
                + reserved.stream().map(one -> one.sector().number().toString()).collect(Collectors.joining(" "));
        Limits now = limits.get();
        String kept = now.reserve() == 0 ? "" : ", " + ByteWords.needed(now.reserve()) + " stay free (sealing.disk-reserve)";
        String most = now.most() == 0 ? "" : ", sealing may take " + ByteWords.there(now.most()) + " (sealing.disk)";
        return "no disk: needs " + ByteWords.needed(bytes) + ", " + ByteWords.there(free.getAsLong()) + " free of " + files.root()
                + others + kept + most;
    }

    private static long sum(List<Reservation> reserved) {
        return reserved.stream().mapToLong(Reservation::bytes).sum();
    }
}
