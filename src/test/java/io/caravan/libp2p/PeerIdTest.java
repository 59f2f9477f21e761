package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.crypto.PubKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdTest {

    private final Vectors keys = new Vectors("peer-keys.properties");

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "secp256k1", "ecdsa", "rsa"})
    void namesEachKindOfKey(String kind) {
        PeerId id = PeerId.of(PubKey.ofProtobuf(keys.hex(kind + ".pub")));
        assertThat(id).hasToString(keys.text(kind + ".id")).isEqualTo(PeerId.parse(keys.text(kind + ".id")));
        assertThat(PeerId.ofBytes(id.toBytes())).isEqualTo(id).hasSameHashCodeAs(id);
    }

    @Test
    void readsAllTextForms() {
        PeerId id = PeerId.parse(keys.text("ed25519.id"));
        assertThat(id.toBytes()).isEqualTo(keys.hex("ed25519.bytes"));
        assertThat(id.toCid()).isEqualTo(keys.text("ed25519.cid"));
        assertThat(PeerId.parse(keys.text("ed25519.cid"))).isEqualTo(id);
        assertThat(PeerId.parse(keys.text("ed25519.base36"))).isEqualTo(id);
        assertThat(PeerId.parse(keys.text("rsa.cid")).toBytes()).isEqualTo(keys.hex("rsa.bytes"));
        assertThat(PeerId.parse("k2k4r8ncs1yoluq95unsd7x2vfhgve0ncjoggwqx9vyh3vl8warrcp15"))
                .hasToString("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12D3", "QmxoHT6iViN5xAjoz1VZ553cL31U9F94ht3QvWR1FrEbZY",
        "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy", "Qm", "1",
                "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pp0"})
    void refusesWhatIsNoId(String text) {
        assertThatThrownBy(() -> PeerId.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no peer id");
    }

    @Test
    void refusesTheIdentityOfABrokenKey() {
        byte[] bytes = keys.hex("ed25519.bytes");
        bytes[3] = 9;
        assertThatThrownBy(() -> PeerId.ofBytes(bytes)).isInstanceOf(IllegalArgumentException.class);
    }
}
