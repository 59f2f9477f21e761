package io.caravan.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.support.Hostile;
import io.caravan.support.WireVectors;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DagCborTest {

    /** Every vector that is one canonical DAG-CBOR item. */
    static List<String> canonical() {
        return WireVectors.names().stream().filter(name -> name.matches(
                "DataRef.*|blk.root|StorageAsk.sorted|StorageAsk0|ask1.*|mk1.*|status1.*|Response.*|ProviderDealState"
                + "|DealStatus|Transfer.*|selector.*|voucher.*|dt\\..*|ChannelID|ContractParams.*|transports.resp"
                + "|ClientDealProposal.*|DealProposal|cid.*cbor|addr.*cbor|gs1.metadata")).toList();
    }

    @ParameterizedTest
    @MethodSource("canonical")
    void vectorsComeBackAsTheyWent(String name) {
        byte[] vector = WireVectors.bytes(name);
        assertThat(DagCbor.encode(DagCbor.decode(vector))).isEqualTo(vector);
        Hostile.refusesEveryCut(vector, CodecException.class, DagCbor::decode);
    }

    @Test
    void survivesNoise() {
        byte[] vector = WireVectors.bytes("dt.push.new");
        Hostile.survivesNoise(vector, CodecException.class, DagCbor::decode);
        Hostile.survivesNoise(vector, CodecException.class, DagCbor::links);
    }

    @Test
    void buildsASelector() {
        Ipld all = Ipld.map("R", Ipld.map(
                "l", Ipld.map("none", Ipld.map()),
                ":>", Ipld.map("a", Ipld.map(">", Ipld.map("@", Ipld.map())))));
        assertThat(DagCbor.encode(all)).isEqualTo(WireVectors.bytes("selector.exploreAll"));
        assertThat(all.get("R").get("l").find("depth")).isNull();
    }

    @Test
    void sortsKeysByLengthFirst() {
        assertThat(Bytes.wrap(DagCbor.encode(Ipld.map("b", Ipld.of(1), "aa", Ipld.of(2), "a", Ipld.of(3)))).hex())
                .isEqualTo("a3616103616201626161" + "02");
        assertThat(DagCbor.decode(WireVectors.bytes("StorageAsk.declared")))
                .isEqualTo(DagCbor.decode(WireVectors.bytes("StorageAsk.sorted")));
    }

    @Test
    void takesTheLaterOfTwoEqualKeys() {
        assertThat(DagCbor.decode(Bytes.ofHex("a2616101616102").toArray()).get("a").asLong()).isEqualTo(2);
    }

    @Test
    void findsTheLinksOfABlock() {
        assertThat(DagCbor.links(WireVectors.bytes("blk.root"))).containsExactly(
                Cid.ofBytes(WireVectors.bytes("cid.leaf1")), Cid.ofBytes(WireVectors.bytes("cid.leaf2")));
    }

    @Test
    void keepsThePeerIdsOfAChannel() {
        List<Ipld> channel = DagCbor.decode(WireVectors.bytes("ChannelID")).items();
        assertThat(channel.get(0).asTextBytes().toArray()).isEqualTo(WireVectors.bytes("peer.client"));
        assertThat(channel.get(2).asUnsigned()).isEqualTo(1700000000000000001L);
        assertThatThrownBy(() -> channel.get(0).asText()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> channel.get(0).asLong()).isInstanceOf(CodecException.class)
                .hasMessage("Text where Int belongs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1bffffffffffffffff", "3bffffffffffffffff", "fb3ff199999999999a", "20", "80", "a0", "f6"})
    void keepsTheEdgesOfTheDataModel(String hex) {
        assertThat(Bytes.wrap(DagCbor.encode(DagCbor.decode(Bytes.ofHex(hex).toArray()))).hex()).isEqualTo(hex);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000", "f7", "f93c00", "fa47c35000", "fb7ff8000000000000", "c100", "a10001", "a161ff01"})
    void refusesWhatIsNotInTheDataModel(String hex) {
        assertThatThrownBy(() -> DagCbor.decode(Bytes.ofHex(hex).toArray())).isInstanceOf(CodecException.class);
    }

    @Property(tries = 200)
    void nodesComeBackAsTheyWent(@ForAll("nodes") Ipld node) {
        assertThat(DagCbor.encode(DagCbor.decode(DagCbor.encode(node)))).isEqualTo(DagCbor.encode(node));
    }

    @Provide
    Arbitrary<Ipld> nodes() {
        Arbitrary<Ipld> leaf = Arbitraries.oneOf(
                Arbitraries.longs().map(Ipld::of),
                Arbitraries.longs().map(Ipld::ofUnsigned),
                Arbitraries.strings().ofMaxLength(20).map(Ipld::of),
                Arbitraries.of(true, false).map(Ipld::of),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(20).map(Bytes::of).map(Ipld::of),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(20).map(Cid::rawSha256).map(Ipld::of),
                Arbitraries.just(Ipld.NULL));
        return Arbitraries.recursive(() -> leaf, inner -> Arbitraries.oneOf(
                inner.list().ofMaxSize(4).map(Ipld.Items::new),
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(6), inner).ofMaxSize(4).map(Ipld.Fields::new)), 0, 3);
    }
}
