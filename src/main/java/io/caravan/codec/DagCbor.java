package io.caravan.codec;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link Ipld} nodes to DAG-CBOR and back. Encoding sorts map keys by length, then bytewise; decoding takes any key
 * order, the later of two equal keys winning, as peers do (wire-protocols §1.2).
 * Depth and the number of nodes are bounded.
 */
public final class DagCbor {

    private static final int MAX_NODES = 1 << 18;
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);
    private static final Comparator<byte[]> KEY_ORDER =
            Comparator.<byte[]>comparingInt(key -> key.length).thenComparing(Bytes::wrap);

    private final CborReader in;
    private int nodesLeft = MAX_NODES;

    private DagCbor(CborReader in) {
        this.in = in;
    }

    public static byte[] encode(Ipld node) {
        CborWriter out = new CborWriter();
        write(node, out);
        return out.toByteArray();
    }

    /** Exactly one node, nothing behind it. */
    public static Ipld decode(byte[] data) {
        return decode(data, CborLimits.CBOR_GEN);
    }

    public static Ipld decode(byte[] data, CborLimits limits) {
        CborReader in = new CborReader(data, limits);
        Ipld node = read(in);
        in.end();
        return node;
    }

    /** The next item of {@code in} as a node. */
    public static Ipld read(CborReader in) {
        return new DagCbor(in).node(in.limits().maxDepth());
    }

    /** Every link of a block in the order of its bytes, without building nodes; the block must be one sound item. */
    public static List<Cid> links(byte[] block) {
        CborReader in = new CborReader(block, CborLimits.BLOCK);
        List<Cid> links = new ArrayList<>();
        collect(in, links, CborLimits.BLOCK.maxDepth());
        in.end();
        return links;
    }

    private static void collect(CborReader in, List<Cid> links, int depthLeft) {
        if (depthLeft <= 0) {
            throw in.fail("nested too deep");
        }
        switch (in.major()) {
            case CborReader.TAG -> links.add(in.cid());
            case CborReader.ARRAY, CborReader.MAP -> {
                int items = in.major() == CborReader.MAP ? 2 * in.map() : in.array();
                for (int i = 0; i < items; i++) {
                    collect(in, links, depthLeft - 1);
                }
            }
            default -> in.skip();
        }
    }

    public static void write(Ipld node, CborWriter out) {
        if (node instanceof Ipld.Nul) {
            out.nul();
        } else if (node instanceof Ipld.Bool bool) {
            out.bool(bool.value());
        } else if (node instanceof Ipld.Int number) {
            BigInteger value = number.value();
            out.header(value.signum() < 0 ? 1 : 0, value.signum() < 0 ? value.not().longValue() : value.longValue());
        } else if (node instanceof Ipld.Real real) {
            out.float64(real.value());
        } else if (node instanceof Ipld.Text text) {
            out.textBytes(text.raw().array());
        } else if (node instanceof Ipld.Binary binary) {
            out.bytes(binary.value());
        } else if (node instanceof Ipld.Link link) {
            out.cid(link.cid());
        } else if (node instanceof Ipld.Items list) {
            out.array(list.items().size());
            list.items().forEach(item -> write(item, out));
        } else if (node instanceof Ipld.Fields map) {
            out.map(map.fields().size());
            map.fields().entrySet().stream()
                    .map(field -> Map.entry(field.getKey().getBytes(StandardCharsets.UTF_8), field.getValue()))
                    .sorted(Map.Entry.comparingByKey(KEY_ORDER))
                    .forEach(field -> write(field.getValue(), out.textBytes(field.getKey())));
        }
    }

    private Ipld node(int depthLeft) {
        if (depthLeft <= 0) {
            throw in.fail("nested too deep");
        }
        if (nodesLeft-- == 0) {
            throw in.fail("more than " + MAX_NODES + " nodes");
        }
        return switch (in.major()) {
            case CborReader.UINT -> Ipld.ofUnsigned(in.unsigned());
            case CborReader.NEGATIVE -> new Ipld.Int(unsigned(in.header(CborReader.NEGATIVE)).not());
            case CborReader.BYTES -> Ipld.of(Bytes.wrap(in.bytes(in.limits().maxBytes())));
            case CborReader.TEXT -> new Ipld.Text(Bytes.wrap(in.textBytes(in.limits().maxText())));
            case CborReader.ARRAY -> list(in.array(), depthLeft - 1);
            case CborReader.MAP -> map(in.map(), depthLeft - 1);
            case CborReader.TAG -> Ipld.of(in.cid());
            default -> simple();
        };
    }

    private Ipld list(int size, int depthLeft) {
        List<Ipld> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(node(depthLeft));
        }
        return new Ipld.Items(items);
    }

    private Ipld map(int size, int depthLeft) {
        Map<String, Ipld> fields = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = in.text(in.limits().maxText());
            fields.put(key, node(depthLeft));
        }
        return new Ipld.Fields(fields);
    }

    private Ipld simple() {
        if (in.isNull()) {
            in.nul();
            return Ipld.NULL;
        }
        return in.peek() == 0xfb ? new Ipld.Real(in.float64()) : Ipld.of(in.bool());
    }

    private static BigInteger unsigned(long bits) {
        BigInteger value = BigInteger.valueOf(bits);
        return bits < 0 ? value.add(TWO_64) : value;
    }
}
