package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * A set of numbers as the chain writes it: RLE+ in a CBOR byte string (chain-and-rpc §3.2). Held as alternating run
 * lengths, first a run of absent numbers, so a huge set costs what its runs cost, never what its numbers would.
 */
public final class BitField {

    /** The empty set, written as the empty string. */
    public static final BitField EMPTY = new BitField(List.of());

    private static final int MAX_BYTES = 32 << 10;

    private final List<Long> runs;

    private BitField(List<Long> runs) {
        this.runs = List.copyOf(runs);
    }

    /** The set of these numbers; order and repetition do not matter. */
    public static BitField of(long... numbers) {
        return of(Arrays.stream(numbers).boxed().toList());
    }

    /** The set of these numbers. */
    public static BitField of(Iterable<Long> numbers) {
        TreeSet<Long> sorted = new TreeSet<>();
        numbers.forEach(sorted::add);
        List<Long> runs = new ArrayList<>();
        long end = 0; // first number behind the last run
        for (long number : sorted) {
            if (number < 0) {
                throw new IllegalArgumentException("a bit field holds no negative number: " + number);
            }
            if (number == end && !runs.isEmpty()) {
                runs.set(runs.size() - 1, runs.get(runs.size() - 1) + 1);
            } else {
                runs.add(number - end);
                runs.add(1L);
            }
            end = number + 1;
        }
        return new BitField(runs);
    }

    /** The set with these alternating run lengths, first a run of absent numbers (the JSON shape of Lotus). */
    public static BitField ofRuns(List<Long> runs) {
        long total = 0;
        for (long run : runs) {
            if (run < 0 || Long.MAX_VALUE - total < run) {
                throw new CodecException("run lengths leave the range of numbers");
            }
            total += run;
        }
        List<Long> merged = RlePlus.merge(runs);
        return new BitField(merged);
    }

    /** Alternating run lengths, first a run of absent numbers; {@code [0]} for the empty set as Lotus prints it. */
    public List<Long> runs() {
        return runs.isEmpty() ? List.of(0L) : runs;
    }

    public boolean isEmpty() {
        return runs.isEmpty();
    }

    /** How many numbers are in the set. */
    public long count() {
        long count = 0;
        for (int i = 1; i < runs.size(); i += 2) {
            count += runs.get(i);
        }
        return count;
    }

    public boolean contains(long number) {
        long at = 0;
        for (int i = 0; i < runs.size(); i++) {
            at += runs.get(i);
            if (number < at) {
                return i % 2 == 1;
            }
        }
        return false;
    }

    /** How many numbers of the set are smaller than this one: the place of a deal's id in a publish return. */
    public long rank(long number) {
        long at = 0;
        long rank = 0;
        for (int i = 0; i < runs.size() && at < number; i++) {
            long run = Math.min(runs.get(i), number - at);
            rank += i % 2 == 1 ? run : 0;
            at += runs.get(i);
        }
        return rank;
    }

    /** This set and one number more. */
    public BitField with(long number) {
        if (contains(number)) {
            return this;
        }
        List<Long> next = new ArrayList<>();
        long at = 0;
        boolean isPlaced = false;
        for (int i = 0; i < runs.size(); i++) {
            long run = runs.get(i);
            if (!isPlaced && number < at + run) { // inside a run of absent numbers
                next.addAll(List.of(number - at, 1L, at + run - number - 1));
                isPlaced = true;
            } else {
                next.add(run);
            }
            at += run;
        }
        if (!isPlaced) {
            next.addAll(List.of(number - at, 1L));
        }
        return new BitField(RlePlus.merge(next));
    }

    /**
     * The numbers, ascending.
     *
     * @throws CodecException if there are more than {@code max}
     */
    public List<Long> numbers(int max) {
        if (count() > max) {
            throw new CodecException("a bit field of " + count() + " numbers, at most " + max + " are read here");
        }
        List<Long> numbers = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < runs.size(); i++) {
            long end = at + runs.get(i);
            if (i % 2 == 1) {
                LongStream.range(at, end).forEach(numbers::add);
            }
            at = end;
        }
        return numbers;
    }

    /** RLE+ bytes. */
    public byte[] toRlePlus() {
        return RlePlus.encode(runs);
    }

    /** @throws CodecException if the bytes are not RLE+ in its one canonical form */
    public static BitField ofRlePlus(byte[] bytes) {
        return new BitField(RlePlus.decode(bytes));
    }

    public void writeTo(CborWriter out) {
        out.bytes(toRlePlus());
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static BitField readFrom(CborReader in) {
        return ofRlePlus(in.bytes(MAX_BYTES));
    }

    /** @throws CodecException if the bytes are not exactly one bit field */
    public static BitField ofCbor(byte[] cbor) {
        return Tuple.read(cbor, BitField::readFrom);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BitField that && runs.equals(that.runs);
    }

    @Override
    public int hashCode() {
        return runs.hashCode();
    }

    /** The run lengths. */
    @Override
    public String toString() {
        return runs().toString();
    }
}
