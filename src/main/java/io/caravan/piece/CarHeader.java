package io.caravan.piece;

import io.caravan.codec.CborLimits;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.codec.Varint;
import java.util.ArrayList;
import java.util.List;

/** The first section of a CAR: {@code uvarint length ‖ {"roots": [CID …], "version": 1}} (wire-protocols §11). */
record CarHeader(int version, List<Cid> roots) {
    private static final int MAX_ROOTS = 1 << 14;
    private static final CborLimits LIMITS = new CborLimits(16, Cid.MAX_BYTES + 1, MAX_ROOTS, 8);

    CarHeader {
        roots = List.copyOf(roots);
    }

    static byte[] encode(List<Cid> roots) {
        var cbor = new CborWriter().map(2).text("roots").array(roots.size());
        roots.forEach(cbor::cid);
        byte[] body = cbor.text("version").uint(1).toByteArray();
        byte[] length = Varint.encode(body.length);
        byte[] section = java.util.Arrays.copyOf(length, length.length + body.length);
        System.arraycopy(body, 0, section, length.length, body.length);
        return section;
    }

    /** Keys in any order; version 2 (the pragma of a CARv2) has no roots. */
    static CarHeader decode(byte[] body) {
        try {
            var in = new CborReader(body, LIMITS);
            int keys = in.map();
            long version = -1;
            var roots = new ArrayList<Cid>();
            for (int i = 0; i < keys; i++) {
                String key = in.text(16);
                if (key.equals("version")) {
                    version = in.uint();
                } else if (key.equals("roots")) {
                    int n = in.array();
                    for (int r = 0; r < n; r++) {
                        roots.add(in.cid());
                    }
                } else {
                    throw new CodecException("unknown key");
                }
            }
            in.end();
            if (version != 1 && version != 2) {
                throw new CodecException("version " + version);
            }
            return new CarHeader((int) version, roots);
        } catch (CodecException e) {
            throw new MalformedCarException("Not a CAR header: " + e.getMessage(), e);
        }
    }
}
