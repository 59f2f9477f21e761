package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MssTest {

    private static final String HEADER = "132f6d756c746973747265616d2f312e302e300a";

    private static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    private static String token(String text) {
        ByteBuf out = Unpooled.buffer();
        MssTokens.write(out, text);
        return ByteBufUtil.hexDump(out);
    }

    @ParameterizedTest
    @CsvSource({"/multistream/1.0.0,132f6d756c746973747265616d2f312e302e300a", "/noise,072f6e6f6973650a",
            "/yamux/1.0.0,0d2f79616d75782f312e302e300a",
        "na,036e610a", "/ipfs/id/1.0.0,0f2f697066732f69642f312e302e300a",
                "/ipfs/id/push/1.0.0,142f697066732f69642f707573682f312e302e300a",
        "/fil/storage/mk/1.2.0,162f66696c2f73746f726167652f6d6b2f312e322e300a",
        "/libp2p/simultaneous-connect,1d2f6c69627032702f73696d756c74616e656f75732d636f6e6e6563740a"})
    void writesTheWordsOfTheWire(String text, String wire) {
        assertThat(token(text)).isEqualTo(wire);
        assertThat(new MssTokens().next(hex(wire))).isEqualTo(text);
    }

    @Test
    void answersWhereverTheWordsAreCut() {
        String said = HEADER + token("/libp2p/simultaneous-connect") + token("/tls/1.0.0") + token("/noise");
        String rest = "0020aa";
        byte[] all = ByteBufUtil.decodeHexDump(said + rest);
        for (int cut = 0; cut <= all.length; cut++) {
            MssResponder responder = new MssResponder("/noise"::equals);
            ByteBuf out = Unpooled.buffer();
            responder.start(out);
            ByteBuf first = Unpooled.wrappedBuffer(all, 0, cut);
            ByteBuf second = Unpooled.wrappedBuffer(all, cut, all.length - cut);
            boolean over = responder.feed(first, out);
            over = over || responder.feed(second, out);
            assertThat(over).isTrue();
            assertThat(responder.selected()).isEqualTo("/noise");
            assertThat(ByteBufUtil.hexDump(out)).isEqualTo(HEADER + token("na") + token("na") + token("/noise"));
            assertThat(ByteBufUtil.hexDump(first) + ByteBufUtil.hexDump(second)).isEqualTo(rest);
        }
    }

    @Test
    void proposesInOrderWithoutWaitingForTheHeader() {
        MssInitiator initiator = new MssInitiator(List.of("/a/2", "/a/1"));
        ByteBuf out = Unpooled.buffer();
        initiator.start(out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(HEADER + token("/a/2"));
        out.clear();
        assertThat(initiator.feed(hex(HEADER + token("na")), out)).isFalse();
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(token("/a/1"));
        assertThat(initiator.feed(hex(token("/a/1")), out)).isTrue();
        assertThat(initiator.selected()).isEqualTo("/a/1");
    }

    @Test
    void endsWithoutAProtocolWhenAllAreRefused() {
        MssInitiator initiator = new MssInitiator(List.of("/a/2"));
        assertThat(initiator.feed(hex(HEADER + token("na")), Unpooled.buffer())).isTrue();
        assertThat(initiator.selected()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "80", "8000", "810001", "ffff03", "818001", "82080a", "022f78", "0161",
            "142f6d756c746973747265616d2f312e302e3000"})
    void refusesWordsThatAreTooLongOrMalformed(String wire) {
        String padded = wire + "00".repeat(1100);
        assertThatThrownBy(() -> new MssResponder(p -> true).feed(hex(padded), Unpooled.buffer()))
                .isInstanceOf(PeerMisbehavedException.class);
    }

    @Test
    void refusesAnotherHeaderAndAnotherAnswer() {
        assertThatThrownBy(() -> new MssResponder(p -> true).feed(hex(token("/multistream/2.0.0")), Unpooled.buffer()))
                .hasMessageContaining("does not speak");
        assertThatThrownBy(() -> new MssInitiator(List.of("/a")).feed(hex(HEADER + token("/b")), Unpooled.buffer()))
                .hasMessageContaining("something else");
    }

    @Test
    void losesPatienceAfterThirtyTwoProposals() {
        MssResponder responder = new MssResponder(p -> false);
        assertThatThrownBy(() -> responder.feed(hex(HEADER + token("/x").repeat(32)), Unpooled.buffer()))
                .hasMessageContaining("32 protocols");
    }

    @Test
    void survivesRandomBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            ByteBuf out = Unpooled.buffer();
            try {
                new MssResponder(p -> true)
                        .feed(Unpooled.wrappedBuffer(hex(HEADER), Unpooled.wrappedBuffer(bytes)), out);
            } catch (PeerMisbehavedException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotNull();
            }
            assertThat(out.toString(StandardCharsets.UTF_8).length()).as("seed %d", seed).isLessThan(400);
        }
    }
}
