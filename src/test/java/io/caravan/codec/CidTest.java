package io.caravan.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.support.Hostile;
import io.caravan.support.WireVectors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidTest {

    private static final String V0 = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";

    @ParameterizedTest
    @ValueSource(strings = {"cid.leaf1", "cid.leaf2", "cid.root", "cid.piece", "cid.piece.v2", "cid.signedProposal",
        "cid.unsignedProposal", "cid.signedProposal.boost", "cid.publish"})
    void readsAndPrintsTheVectors(String name) {
        byte[] binary = WireVectors.bytes(name);
        String text = WireVectors.note(name).split(" ")[0];
        Cid cid = Cid.ofBytes(binary);
        assertThat(cid).hasToString(text).isEqualTo(Cid.parse(text));
        assertThat(cid.toBytes()).isEqualTo(binary);
        for (Multibase base : Multibase.values()) {
            assertThat(Cid.parse(cid.toString(base))).isEqualTo(cid);
        }
        Hostile.refusesEveryCut(binary, CodecException.class, Cid::ofBytes);
        Hostile.survivesNoise(binary, CodecException.class, Cid::ofBytes);
    }

    @Test
    void namesTheBlocksOfTheVectors() {
        assertThat(Cid.rawSha256(WireVectors.bytes("blk.leaf1")).toBytes()).isEqualTo(WireVectors.bytes("cid.leaf1"));
        assertThat(Cid.dagCborSha256(WireVectors.bytes("blk.root")).toBytes()).isEqualTo(WireVectors.bytes("cid.root"));
        assertThat(Cid.dagCborBlake2b(WireVectors.bytes("DealProposal")).toBytes())
                .isEqualTo(WireVectors.bytes("cid.unsignedProposal"));
        assertThat(Cid.commP(WireVectors.bytes("commp")).toBytes()).isEqualTo(WireVectors.bytes("cid.piece"));
        assertThat(Cid.ofBytes(WireVectors.bytes("cid.leaf1")).hash().matches(WireVectors.bytes("blk.leaf1"))).isTrue();
        assertThat(Cid.ofBytes(WireVectors.bytes("cid.leaf1")).hash().matches(WireVectors.bytes("blk.leaf2"))).isFalse();
        // The CID of an empty tipset key: blake2b over the CBOR of an empty byte string.
        assertThat(Cid.dagCborBlake2b(new byte[] {0x40}))
                .hasToString("bafy2bzacea456askyutsf7uk4ta2q5aojrlcji4mhaqokbfalgvoq4ueeh4l2");
    }

    @Test
    void knowsCommitments() {
        byte[] commitment = WireVectors.bytes("commp");
        assertThat(Cid.commP(commitment).commitment()).isEqualTo(commitment);
        assertThat(Cid.commP(commitment).isCommP()).isTrue();
        assertThat(Cid.commR(commitment).toString()).startsWith("bagboea4b5abc");
        assertThat(Cid.commR(commitment).isCommR()).isTrue();
        assertThat(Cid.commR(commitment).isCommP()).isFalse();
        assertThat(Cid.parse("baga6ea4seaqbceirceirceirceirceirceirceirceirceirceirceirceircei").commitment())
                .containsOnly(0x11);
        assertThatThrownBy(() -> Cid.rawSha256(commitment).commitment()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> Cid.commP(new byte[31])).isInstanceOf(CodecException.class);
    }

    @Test
    void readsVersionZero() {
        Cid cid = Cid.parse(V0);
        assertThat(cid.version()).isZero();
        assertThat(cid.codec()).isEqualTo(Cid.DAG_PB);
        assertThat(Bytes.wrap(cid.toBytes()).hex())
                .isEqualTo("12209dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726dcccbd21bf6f0b9");
        assertThat(cid).hasToString(V0);
        assertThat(cid.toString(Multibase.BASE64)).isEqualTo(V0);
        assertThat(Cid.ofBytes(cid.toBytes())).isEqualTo(cid);
        assertThatThrownBy(() -> Cid.parse("z" + V0)).isInstanceOf(CodecException.class);
    }

    @Test
    void leavesWhatFollowsInACarSection() {
        ByteBuffer section = ByteBuffer.wrap(Bytes.concat(
                Bytes.wrap(WireVectors.bytes("cid.leaf1")), Bytes.utf8("data")).toArray());
        assertThat(Cid.read(section).toBytes()).isEqualTo(WireVectors.bytes("cid.leaf1"));
        assertThat(section.remaining()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "b", "hello world", "Qm", "bafy", "bAFKREIECDAI77JGLUY7NJUSG6S464X2LJMM2JACTEAUEZDDYANBG5HWCLM",
        "bafkreiecdai77jgluy7njusg6s464x2ljmm2jacteauezddyanbg5hwcl"})
    void refusesTextThatIsNoCid(String text) {
        assertThatThrownBy(() -> Cid.parse(text)).isInstanceOf(CodecException.class);
    }

    @Test
    void refusesBytesBehindAndOversizedDigests() {
        byte[] leaf = WireVectors.bytes("cid.leaf1");
        assertThatThrownBy(() -> Cid.ofBytes(Arrays.copyOf(leaf, leaf.length + 1))).isInstanceOf(CodecException.class);
        byte[] huge = Bytes.ofHex("015500ffffffffffffffff7f").toArray();
        assertThatThrownBy(() -> Cid.ofBytes(huge)).isInstanceOf(CodecException.class);
    }
}
