package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import java.util.List;
import java.util.OptionalLong;

/**
 * What publishing answered: {@code 82 [[dealID…], valid bitfield]}. The bit field runs over the places of the deals
 * that were sent in, the ids only over those that were taken; before network 14 there was no bit field and every deal
 * had an id (chain-and-rpc §4.2).
 */
public record PublishStorageDealsReturn(List<Long> ids, BitField validDeals) {

    public PublishStorageDealsReturn {
        ids = List.copyOf(ids);
        if (validDeals.count() != ids.size()) {
            throw new CodecException(ids.size() + " deal ids for " + validDeals.count() + " valid deals");
        }
    }

    /**
     * The deal id of the deal at this place of the parameters; empty when the market dropped it (deal-lifecycle §9.4).
     */
    public OptionalLong idAt(int place) {
        return validDeals.contains(place)
                ? OptionalLong.of(ids.get((int) validDeals.rank(place))) : OptionalLong.empty();
    }

    public void writeTo(CborWriter out) {
        out.array(2);
        Tuple.list(out, ids, out::uint);
        validDeals.writeTo(out);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static PublishStorageDealsReturn readFrom(CborReader in) {
        int fields = in.array();
        if (fields != 1 && fields != 2) {
            throw new CodecException("a publish return has 1 or 2 fields, not " + fields);
        }
        List<Long> ids = Tuple.list(in, CborReader::uint);
        BitField valid = fields == 2 ? BitField.readFrom(in)
                : ids.isEmpty() ? BitField.EMPTY : BitField.ofRuns(List.of(0L, (long) ids.size()));
        return new PublishStorageDealsReturn(ids, valid);
    }

    /** @throws CodecException if the bytes are not exactly one such return */
    public static PublishStorageDealsReturn ofCbor(byte[] cbor) {
        return Tuple.read(cbor, PublishStorageDealsReturn::readFrom);
    }
}
