package io.caravan.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class BlsTest {

    private static FilKey key(Bytes secret) {
        return FilKey.of(new KeyInfo(KeyType.BLS, secret));
    }

    @Test
    void signsAsPublished() {
        FilKey key = key(Bytes.ofHex("9c26a653e3f6feed763fee9e163a4863252fd3ca38bfeeaa83dab2799b5cf10c"));
        assertThat(key.address().payload().hex()).isEqualTo(
                "af2f1d46d7f618997f43fbc3b7e4d4fb6ca8bc290e161e1f8643f0d894509814da5a5ff8729fc8935086a334469a3702");
        byte[] cid = hex("0171a0e4022085ebb07a5a1b884305a6215479b77206023a67b665ba6a8684c7037de6a2517e");
        assertThat(key.sign(cid).data().hex()).isEqualTo("8fb31ca2f2c5fa211f1be32709bd269bb96500789ee71283c7d63d933a139c678"
                + "414f546ba096a44183580ecfa2f326e19cd1f7613e06539208359f0ae22b51a94b766b8531ecff071e152d9bde3f3d4bd679e892"
                + "24102c667f0193b9259e726");
        assertThat(Signatures.verify(key.sign(cid), key.address(), cid)).isTrue();
    }

    @Test
    void signsAChainMessageByItsCid() {
        FilKey key = key(Bytes.ofHex("d31ed8d06197f7631e58117d99c5ae4791183f17b6772eb4afc5c840e0f7d412"));
        byte[] message = hex("8a005501fd1d0f4dfcd7e99afcb99a8326b7dc459d32c628583103ade28c91045e89a0dcdb49d5ed0d62a4f02d78a9"
                + "6dbd406a4f9d37a1cd2fb5c29058def79b01b4d1556ade74ffc079040144000186a01961a8430009c4430009c40040");
        assertThat(key.sign(Cid.dagCborBlake2b(message).toBytes()).data().hex()).isEqualTo("a3e507f89527472ad67ddd9bf555e8"
                + "e745c284944cd855e2ed4b68660a325baacd4dfd93972af2c7e2d39ddc8a5ac37e0660ddc641cb7942ef5a31f3e62e83e006341f6"
                + "a4b4f9c4cdddb0ba43031b4e9dc96d2b936b9050dccca9e95b8576653");
    }

    @Test
    void derivesTheAddressOfAWalletKey() {
        assertThat(key(Bytes.ofBase64("P2pSgkvsZSgi0LOczuHmSXT1+l/hvSs3fVBb4y8OgVo=")).address()).hasToString(
                "f3uxb75vcy3ilwbsaavao52v7gfnfh6aics4a7nj26dwpcmj4mxxgnzholkupuplafdrbd55frpoolfnm7wlda");
    }

    @Test
    void verifiesAndRefuses() {
        FilAddress signer = FilAddress.parse("f3tcgq5scpfhdwh4dbalwktzf6mbv3ng2nw7tyzni5cyrsgvineid6jybnweecpa6misa6lk4tvw"
                + "txj2gkwpzq");
        byte[] message = "potato".getBytes(StandardCharsets.US_ASCII);
        byte[] good = hex("9927444bfcffdca34af57b78757b9b90f1cd28d2a3aeed2aa6bde299f8bbb9184756f2287b0588e6d3f2860d2bb2066"
                + "e0c59778c1e644fb2cfb35fba8f09fa824a9ed825108c82ff4bf634c1037eeaf185f45673d4a1c1c6eeb712b7d72a5498");
        assertThat(verify(good, signer, message)).isTrue();
        byte[] changed = good.clone();
        changed[44] ^= 0x10;
        assertThat(verify(changed, signer, message)).isFalse();
        assertThat(verify(new byte[96], signer, message)).isFalse();
        assertThat(verify(new byte[192 - 1], signer, message)).isFalse();
        byte[] identity = new byte[96];
        identity[0] = (byte) 0xc0;
        assertThat(verify(identity, signer, message)).isFalse();
        byte[] identityKey = new byte[48];
        identityKey[0] = (byte) 0xc0;
        assertThat(verify(identity, FilAddress.ofBlsKey(identityKey), message)).isFalse();
        assertThat(verify(good, FilAddress.ofBlsKey(new byte[48]), message)).isFalse();
    }

    @Test
    void makesKeysThatSign() {
        FilKey key = FilKey.generate(KeyType.BLS, new SecureRandom());
        byte[] message = {1};
        assertThat(Signatures.verify(key.sign(message), key.address(), message)).isTrue();
        assertThat(Signatures.verify(key.sign(message), key.address(), new byte[] {2})).isFalse();
    }

    @Test
    void refusesWhatIsNoSecret() {
        for (int length : new int[] {1, 31, 32, 33}) {
            assertThatThrownBy(() -> key(Bytes.wrap(new byte[length]))).isInstanceOf(CryptoException.class);
        }
        assertThatThrownBy(() -> key(Bytes.ofHex("ff".repeat(32)))).isInstanceOf(CryptoException.class);
    }

    private static boolean verify(byte[] signature, FilAddress signer, byte[] message) {
        return Signatures.verify(new Signature(SignatureType.BLS, Bytes.wrap(signature)), signer, message);
    }

    private static byte[] hex(String hex) {
        return Bytes.ofHex(hex).toArray();
    }
}
