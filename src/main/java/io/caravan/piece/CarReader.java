package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CAR block by block from a stream: version 1, or the version 1 payload inside a version 2.
 *
 * <p>Each block is checked against its CID before it is returned. Everything is bounded by {@link CarLimits}; malformed input
 * gives {@link MalformedCarException} or {@link MalformedBlockException}, and nothing is allocated from a declared length.
 */
public final class CarReader {
    static final int V2_PRAGMA = 11;
    static final int V2_HEADER = 40;

    private final CarInput in;
    private final CarLimits limits;
    private final List<Cid> roots;
    private final int version;
    private final long payloadStart;
    private long blocks;

    /** Reads the header; give a buffered stream. */
    public CarReader(InputStream stream, CarLimits limits) throws IOException {
        this.in = new CarInput(stream);
        this.limits = limits;
        CarHeader header = header();
        version = header.version();
        if (version == 2) {
            payloadStart = openV2();
            header = header();
            if (header.version() != 1) {
                throw new MalformedCarException("The payload of a CARv2 must be a CARv1");
            }
        } else {
            payloadStart = 0;
        }
        roots = header.roots();
    }

    private CarHeader header() throws IOException {
        long length = in.length(limits.maxHeaderBytes(), "header");
        if (length <= 0) {
            throw new MalformedCarException(length < 0 ? "The CAR is empty" : "The CAR has an empty header");
        }
        return CarHeader.decode(in.exactly((int) length));
    }

    private long openV2() throws IOException {
        ByteBuffer fixed = ByteBuffer.wrap(in.exactly(V2_HEADER)).order(ByteOrder.LITTLE_ENDIAN);
        long offset = fixed.getLong(16);
        long size = fixed.getLong(24);
        if (offset < V2_PRAGMA + V2_HEADER || size < 1) {
            throw new MalformedCarException("The CARv2 header places " + size + " bytes of data at " + offset);
        }
        in.skipExactly(offset - V2_PRAGMA - V2_HEADER);
        in.startPayload(size);
        return offset;
    }

    /** 1, or 2 when the payload came wrapped. */
    public int version() {
        return version;
    }

    public List<Cid> roots() {
        return roots;
    }

    /** Where the CARv1 payload starts in the stream: 0 for version 1. */
    long payloadStart() {
        return payloadStart;
    }

    /** Bytes of the CARv1 payload read so far: behind a block returned by {@link #next}, its end. */
    public long position() {
        return in.position();
    }

    /** The next block, or null at the end. */
    public @Nullable Block next() throws IOException {
        Block block = nextUnchecked();
        return block == null ? null : Block.checked(block.cid(), block.data());
    }

    /** As {@link #next}, without hashing: for who checks each block when it is used. */
    @Nullable Block nextUnchecked() throws IOException {
        int length = nextLength();
        if (length < 0) {
            return null;
        }
        byte[] section = in.exactly(length);
        ByteBuffer body = ByteBuffer.wrap(section);
        Cid cid = cid(body);
        return new Block(cid, Arrays.copyOfRange(section, body.position(), section.length));
    }

    private int nextLength() throws IOException {
        long length = in.length(limits.maxSectionBytes(), "section");
        if (length < 0 || length == 0 && limits.zeroLengthIsEnd()) {
            return -1;
        }
        if (length == 0) {
            throw new MalformedCarException("The CAR has an empty section");
        }
        if (++blocks > limits.maxBlocks()) {
            throw new MalformedCarException("The CAR has more than " + limits.maxBlocks() + " blocks");
        }
        return (int) length;
    }

    static Cid cid(ByteBuffer section) {
        try {
            return Cid.read(section);
        } catch (CodecException e) {
            throw new MalformedCarException("A CAR section starts with no CID: " + e.getMessage(), e);
        }
    }
}
