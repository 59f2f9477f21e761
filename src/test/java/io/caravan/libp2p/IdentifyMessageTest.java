package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.ProtobufWriter;
import io.caravan.crypto.PrivKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdentifyMessageTest {

    private static final PrivKey KEY = PrivKey.ofProtobuf(new Vectors("peer-keys.properties").hex("ed25519.priv"));
    private static final PeerId PEER = PeerId.of(KEY.publicKey());
    private static final Vectors RECORD = new Vectors("peer-record.properties");
    private static final List<Multiaddr> PLACES =
            List.of(Multiaddr.parse("/ip4/192.0.2.7/tcp/24001"), Multiaddr.parse("/dns4/miner.example.com/tcp/24001"));
    private static final String WIRE =
            "7f0a24080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e120804c0000207065dc11a0e2f69"
            + "7066732f69642f312e302e301a152f66696c2f73746f726167652f6d6b2f312e322e30220804c633640706c350"
            + "2a0d6361726176616e2f312e302e30320d63617261"
            + "76616e2f302e312e30";

    private static IdentifyMessage.Own own(List<Multiaddr> addresses, List<String> protocols, byte[] record) {
        return new IdentifyMessage
                .Own(KEY.publicKey(), addresses, protocols, Multiaddr.parse("/ip4/198.51.100.7/tcp/50000"),
                        "caravan/0.1.0",
                record);
    }

    private static byte[] body(byte[] framed) {
        return Arrays.copyOfRange(framed, framed[0] < 0 ? 2 : 1, framed.length);
    }

    @Test
    void writesAndReadsTheWire() {
        List<String> protocols = List.of("/ipfs/id/1.0.0", "/fil/storage/mk/1.2.0");
        byte[] message = IdentifyMessage.encode(own(PLACES.subList(0, 1), protocols, null));
        assertThat(HexFormat.of().formatHex(message)).isEqualTo(WIRE);
        assertThat(IdentifyMessage.decode(body(message), PEER))
                .isEqualTo(new PeerInfo(PEER, "caravan/0.1.0", "caravan/1.0.0", protocols,
                PLACES.subList(0, 1), List.of(Multiaddr.parse("/ip4/198.51.100.7/tcp/50000"))));
    }

    @Test
    void sealsAndOpensASignedRecord() {
        PeerRecord record = new PeerRecord(PEER, 1_700_000_000, PLACES);
        assertThat(record.payload()).isEqualTo(RECORD.hex("payload"));
        assertThat(record.sealed(KEY)).isEqualTo(RECORD.hex("envelope"));
        assertThat(PeerRecord.open(RECORD.hex("envelope"))).isEqualTo(record);
    }

    @Test
    void refusesARecordWithAnyByteChangedOrMissing() {
        byte[] envelope = RECORD.hex("envelope");
        for (int at = 0; at < envelope.length; at++) {
            byte[] changed = envelope.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> PeerRecord.open(changed)).isInstanceOf(IllegalArgumentException.class);
            byte[] cut = Arrays.copyOf(envelope, at);
            assertThatThrownBy(() -> PeerRecord.open(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] ofAnother = new PeerRecord(Keys.peer(1), 1, PLACES).sealed(KEY);
        assertThatThrownBy(() -> PeerRecord.open(ofAnother)).hasMessageContaining("another peer");
    }

    @Test
    void takesTheSignedAddressesOfThePeerItselfOnly() {
        byte[] signed = IdentifyMessage.encode(own(List.of(), List.of(), RECORD.hex("envelope")));
        assertThat(IdentifyMessage.decode(body(signed), PEER).listenAddresses()).isEqualTo(PLACES);
        byte[] foreign = new PeerRecord(Keys.peer(1), 1, PLACES).sealed(Keys.key(1));
        byte[] carried = IdentifyMessage.encode(own(List.of(), List.of(), foreign));
        assertThat(IdentifyMessage.decode(body(carried), PEER).listenAddresses()).isEmpty();
    }

    @Test
    void refusesTheKeyOfAnotherPeer() {
        byte[] message = IdentifyMessage.encode(own(List.of(), List.of(), null));
        assertThatThrownBy(() -> IdentifyMessage.decode(body(message), Keys.peer(1)))
                .hasMessageContaining("another peer");
    }

    @Test
    void fitsInOneFrameWhateverWeServe() {
        List<Multiaddr> many =
                IntStream.range(1, 400).mapToObj(i -> Multiaddr.parse("/ip4/10.0.0.1/tcp/" + i)).toList();
        List<String> protocols = IntStream.range(0, 300).mapToObj(i -> "/protocol/number/" + i).toList();
        byte[] message = IdentifyMessage.encode(own(many, protocols, new PeerRecord(PEER, 1, many).sealed(KEY)));
        assertThat(message.length).isLessThanOrEqualTo(4096);
        assertThat(IdentifyMessage.decode(body(message), PEER).agent()).isEqualTo("caravan/0.1.0");
    }

    @Test
    void boundsWhatAPeerSays() {
        ProtobufWriter flood = new ProtobufWriter();
        IntStream.range(0, 1000).forEach(i -> flood.text(3, "/p/" + i).bytes(2, PLACES.get(0).toBytes()));
        flood.text(6, "evil\u0007\n" + "x".repeat(300));
        PeerInfo info = IdentifyMessage.decode(flood.toByteArray(), PEER);
        assertThat(info.protocols()).hasSize(256);
        assertThat(info.listenAddresses()).hasSize(64);
        assertThat(info.agent()).hasSize(256).startsWith("evilxxx");
    }

    @Test
    void leavesOutAnAddressThatItCannotRead() {
        byte[] body = new ProtobufWriter().bytes(2, new byte[] {1, 2, 3}).bytes(2, PLACES.get(0).toBytes())
                .toByteArray();
        assertThat(IdentifyMessage.decode(body, PEER).listenAddresses()).containsExactly(PLACES.get(0));
    }

    @Test
    void survivesEveryCutAndRandomBytes() {
        byte[] body = body(HexFormat.of().parseHex(WIRE));
        for (int cut = 0; cut < body.length; cut++) {
            decodeOrRefuse(Arrays.copyOf(body, cut), "cut at " + cut);
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = body.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            decodeOrRefuse(changed, "seed " + seed);
        }
    }

    private static void decodeOrRefuse(byte[] body, String what) {
        try {
            assertThat(IdentifyMessage.decode(body, PEER)).as(what).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).as(what).isNotNull();
        }
    }
}
