package io.caravan.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.caravan.support.WireVectors;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every published byte vector, also of protocols that this program does not speak yet, passes through the codec unchanged:
 * nothing is lost, reordered or written in another length. What the bytes mean is tested where the messages are.
 */
class EveryWireVectorTest {

    /** Keys, addresses, peer ids, hashes, signatures, leaves, CAR files and JSON: bytes that are no item of the codec. */
    private static final Set<String> NOT_ITEMS = Set.of("key.client.sk", "key.client.pub65", "addr.client", "key.worker.sk",
            "addr.worker", "addr.sp", "blk.leaf1", "blk.leaf2", "car.v1", "car.v1.header", "commp", "car.v2.pragma",
            "car.v2.header", "car.v2.index", "car.v2", "DealProposal.blake2b256", "sig.client", "boost.params.http",
            "peer.client", "peer.provider");

    /** Keys in the order of a struct's declaration, which the ask's own codec keeps: StorageAskTest. */
    private static final Set<String> DECLARED_ORDER = Set.of("StorageAsk.declared");

    @TestFactory
    Stream<DynamicTest> isWrittenAsItWasRead() {
        return WireVectors.names().stream().filter(name -> !NOT_ITEMS.contains(name) && !DECLARED_ORDER.contains(name))
                .map(name -> dynamicTest(name, () ->
                        assertThat(again(name, WireVectors.bytes(name))).isEqualTo(WireVectors.bytes(name))));
    }

    private static byte[] again(String name, byte[] vector) {
        if (name.startsWith("cid.") && !name.endsWith(".cbor")) {
            return Cid.ofBytes(vector).toBytes();
        }
        if (name.equals("gs1.request") || name.equals("gs1.response")) {
            return framed(protobuf(body(vector)));
        }
        if (name.startsWith("gs2.")) {
            return framed(DagCbor.encode(DagCbor.decode(body(vector))));
        }
        return DagCbor.encode(DagCbor.decode(vector));
    }

    private static byte[] body(byte[] framed) {
        ByteBuffer in = ByteBuffer.wrap(framed);
        byte[] body = new byte[(int) Varint.read(in)];
        in.get(body);
        assertThat(in.remaining()).isZero();
        return body;
    }

    private static byte[] framed(byte[] body) {
        return Bytes.concat(Bytes.wrap(Varint.encode(body.length)), Bytes.wrap(body)).toArray();
    }

    /** Writes the fields of one message again; the vectors' outer messages hold only bytes. */
    private static byte[] protobuf(byte[] message) {
        ProtobufReader in = new ProtobufReader(message);
        ProtobufWriter out = new ProtobufWriter();
        while (in.next()) {
            out.bytes(in.field(), in.bytes(message.length));
        }
        return out.toByteArray();
    }
}
