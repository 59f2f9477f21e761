package io.caravan.codec;

import java.io.ByteArrayOutputStream;

/** Writes the protobuf subset that UnixFS, dag-pb, identify and keys need: varint and length-delimited fields. */
public final class ProtobufWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A varint field; negative numbers go out as ten bytes, as protobuf's int64 does. */
    public ProtobufWriter varint(int field, long value) {
        tag(field, 0);
        raw(value);
        return this;
    }

    public ProtobufWriter bool(int field, boolean value) {
        return varint(field, value ? 1 : 0);
    }

    public ProtobufWriter bytes(int field, byte[] value) {
        tag(field, 2);
        raw(value.length);
        out.writeBytes(value);
        return this;
    }

    public ProtobufWriter bytes(int field, Bytes value) {
        return bytes(field, value.array());
    }

    public ProtobufWriter text(int field, String value) {
        return bytes(field, Bytes.utf8(value));
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }

    private void tag(int field, int wireType) {
        if (field < 1 || field > ProtobufReader.MAX_FIELD) {
            throw new IllegalArgumentException("protobuf field " + field);
        }
        raw((long) field << 3 | wireType);
    }

    private void raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
