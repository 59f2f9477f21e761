package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.crypto.AeadProvider;
import io.caravan.crypto.PrivKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseXXTest {

    private static final Vectors GOLDEN = new Vectors("noise-golden.properties");
    private static final Vectors CACOPHONY = new Vectors("noise-cacophony.properties");

    private static NoiseXX side(AeadProvider aeads, Vectors vectors, boolean initiator, String suffix,
            byte[] prologue) {
        String who = initiator ? "init" : "resp";
        return new NoiseXX(aeads, initiator, NoiseXX.Pair.of(vectors.hex(who + "_static" + suffix)),
                NoiseXX.Pair.of(vectors.hex(who + "_ephemeral" + suffix)), prologue);
    }

    private static AeadProvider provider(String name) {
        return name.equals("jdk") ? AeadProvider.jdk() : AeadProvider.ofThisMachine();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "fastest"})
    void speaksThePublishedHandshake(String provider) {
        byte[] prologue = CACOPHONY.hex("init_prologue");
        NoiseXX initiator = side(provider(provider), CACOPHONY, true, "", prologue);
        NoiseXX responder = side(provider(provider), CACOPHONY, false, "", prologue);
        for (int i = 0; i < 3; i++) {
            byte[] message = (i == 1 ? responder : initiator).write(CACOPHONY.hex("m" + i + "_payload"));
            assertThat(message).isEqualTo(CACOPHONY.hex("m" + i + "_ciphertext"));
            assertThat((i == 1 ? initiator : responder).read(message)).isEqualTo(CACOPHONY.hex("m" + i + "_payload"));
        }
        assertThat(initiator.handshakeHash()).isEqualTo(responder.handshakeHash())
                .isEqualTo(CACOPHONY.hex("handshake_hash"));
        NoiseCipher[] senders = {responder.sender(), initiator.sender()};
        NoiseCipher[] receivers = {initiator.receiver(), responder.receiver()};
        for (int i = 3; i < 6; i++) {
            byte[] plain = CACOPHONY.hex("m" + i + "_payload");
            byte[] sealed = new byte[plain.length + 16];
            senders[(i + 1) % 2].seal(new byte[0], plain, 0, plain.length, sealed, 0);
            assertThat(sealed).isEqualTo(CACOPHONY.hex("m" + i + "_ciphertext"));
            byte[] opened = new byte[plain.length];
            receivers[(i + 1) % 2].open(new byte[0], sealed, 0, sealed.length, opened, 0);
            assertThat(opened).isEqualTo(plain);
        }
    }

    @Test
    void speaksTheGoldenLibp2pTranscript() {
        NoiseXX initiator = golden(true);
        NoiseXX responder = golden(false);
        byte[] one = initiator.write(new byte[0]);
        assertThat(one).isEqualTo(framed("msg1"));
        responder.read(one);
        byte[] payload2 = NoisePayload.encode(responderKey(), GOLDEN.hex("resp_static_pub"), List.of("/yamux/1.0.0"));
        assertThat(payload2).isEqualTo(GOLDEN.hex("payload_in_msg2"));
        byte[] two = responder.write(payload2);
        assertThat(two).isEqualTo(framed("msg2"));
        NoisePayload read2 = NoisePayload.verified(initiator.read(two), initiator.remoteStatic());
        assertThat(PeerId.of(read2.identity())).hasToString(GOLDEN.text("responder_PeerId"));
        assertThat(read2.muxers()).containsExactly("/yamux/1.0.0");
        byte[] payload3 = NoisePayload.encode(initiatorKey(), GOLDEN.hex("init_static_pub"), List.of("/yamux/1.0.0"));
        assertThat(payload3).isEqualTo(GOLDEN.hex("payload_in_msg3"));
        byte[] three = initiator.write(payload3);
        assertThat(three).isEqualTo(framed("msg3"));
        NoisePayload.verified(responder.read(three), responder.remoteStatic());
        assertThat(responder.handshakeHash()).isEqualTo(GOLDEN.hex("handshake_hash"));
        NoiseCipher out = initiator.sender();
        assertThat(sealed(out, GOLDEN.hex("t1_plaintext"))).isEqualTo(framed("t1"));
        assertThat(sealed(out, "hello".getBytes(StandardCharsets.US_ASCII))).isEqualTo(framed("t3"));
        assertThat(sealed(responder.sender(), GOLDEN.hex("t2_plaintext"))).isEqualTo(framed("t2"));
    }

    static NoiseXX golden(boolean initiator) {
        return side(AeadProvider.jdk(), GOLDEN, initiator, "_priv", new byte[0]);
    }

    static PrivKey responderKey() {
        return PrivKey.ofEd25519Seed(GOLDEN.hex("responder_Ed25519_seed"));
    }

    static PrivKey initiatorKey() {
        return PrivKey.ofProtobuf(new Vectors("peer-keys.properties").hex("ed25519.priv"));
    }

    private static byte[] framed(String name) {
        byte[] whole = GOLDEN.hex(name);
        return Arrays.copyOfRange(whole, 2, whole.length);
    }

    private static byte[] sealed(NoiseCipher cipher, byte[] plain) {
        byte[] out = new byte[plain.length + 16];
        cipher.seal(new byte[0], plain, 0, plain.length, out, 0);
        return out;
    }

    @Test
    void refusesEachMessageWithAnyByteChanged() {
        byte[] two = framed("msg2");
        for (int at = 0; at < two.length; at++) {
            byte[] changed = two.clone();
            changed[at] ^= 1;
            NoiseXX initiator = golden(true);
            initiator.write(new byte[0]);
            assertThatThrownBy(() -> initiator.read(changed)).isInstanceOf(PeerMisbehavedException.class);
        }
        byte[] three = framed("msg3");
        for (int at = 0; at < three.length; at++) {
            byte[] changed = three.clone();
            changed[at] ^= 0x40;
            NoiseXX responder = awaitingThird();
            assertThatThrownBy(() -> responder.read(changed)).isInstanceOf(PeerMisbehavedException.class);
        }
    }

    private static NoiseXX awaitingThird() {
        NoiseXX responder = golden(false);
        responder.read(framed("msg1"));
        responder.write(GOLDEN.hex("payload_in_msg2"));
        return responder;
    }

    @Test
    void refusesEachMessageCutAnywhere() {
        for (int cut = 0; cut < 32; cut++) {
            byte[] part = Arrays.copyOf(framed("msg1"), cut);
            assertThatThrownBy(() -> golden(false).read(part)).isInstanceOf(PeerMisbehavedException.class);
        }
        for (int cut = 0; cut < framed("msg3").length; cut++) {
            byte[] part = Arrays.copyOf(framed("msg3"), cut);
            NoiseXX responder = awaitingThird();
            assertThatThrownBy(() -> responder.read(part)).isInstanceOf(PeerMisbehavedException.class);
        }
    }

    @Test
    void refusesMessagesOutOfTurn() {
        assertThatThrownBy(() -> golden(true).read(framed("msg1"))).isInstanceOf(PeerMisbehavedException.class);
        NoiseXX responder = golden(false);
        responder.read(framed("msg1"));
        assertThatThrownBy(() -> responder.read(framed("msg1"))).isInstanceOf(PeerMisbehavedException.class);
    }

    @Test
    void refusesAKeyOfSmallOrder() {
        NoiseXX responder = golden(false);
        responder.read(new byte[32]);
        assertThatThrownBy(() -> responder.write(new byte[0])).isInstanceOf(PeerMisbehavedException.class)
                .hasMessageContaining("small order");
    }

    @Test
    void refusesAPayloadThatItsIdentityDidNotSign() {
        byte[] good = GOLDEN.hex("payload_in_msg2");
        byte[] fixed = GOLDEN.hex("resp_static_pub");
        NoisePayload.verified(good, fixed);
        assertThatThrownBy(() -> NoisePayload.verified(good, GOLDEN.hex("init_static_pub")))
                .hasMessageContaining("not signed");
        byte[] swapped = good.clone();
        System.arraycopy(GOLDEN.hex("initiator_PublicKey_pb"), 0, swapped, 2, 36);
        assertThatThrownBy(() -> NoisePayload.verified(swapped, fixed)).hasMessageContaining("not signed");
        for (int cut = 0; cut < good.length; cut++) {
            byte[] part = Arrays.copyOf(good, cut);
            // Cut before the extensions it is whole: they are optional.
            if (cut != good.length - 16) {
                assertThatThrownBy(() -> NoisePayload.verified(part, fixed))
                        .isInstanceOf(PeerMisbehavedException.class);
            }
        }
    }

    @Test
    void passesOverFieldsItDoesNotKnow() {
        byte[] good = GOLDEN.hex("payload_in_msg2");
        byte[] longer = Arrays.copyOf(good, good.length + 4);
        System.arraycopy(new byte[] {0x3a, 2, 1, 1}, 0, longer, good.length, 4);
        assertThat(NoisePayload.verified(longer, GOLDEN.hex("resp_static_pub")).muxers())
                .containsExactly("/yamux/1.0.0");
    }
}
