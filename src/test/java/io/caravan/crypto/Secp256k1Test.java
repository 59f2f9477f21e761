package io.caravan.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import io.caravan.model.FilAddress;
import io.caravan.model.Network;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;
import io.caravan.support.WireVectors;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Secp256k1Test {

    private static final String SECRET = "f15716d3b003b304b8055d9cc62e6b9c869d56cc930c3858d4d7c31f5f53f14a";

    private static FilKey key(String secret) {
        return FilKey.of(new KeyInfo(KeyType.SECP256K1, Bytes.ofHex(secret)));
    }

    @Test
    void signsAChainMessageAsPublished() {
        byte[] message = hex("8a005501fd1d0f4dfcd7e99afcb99a8326b7dc459d32c62855011eaf1c8a4bbfeeb0870b1745b1f57503470b7116"
                + "0144000186a01961a84200014200010040");
        byte[] cid = Cid.dagCborBlake2b(message).toBytes();
        assertThat(Bytes.wrap(cid).hex())
                .isEqualTo("0171a0e40220e90f3daa7e7f73cbc3d708f6d39f3a5eddba82743776a85c3743f39843b71aeb");
        assertThat(Bytes.wrap(Hashes.blake2b256(cid)).hex())
                .isEqualTo("4414bd5c8a97e714b53d7590bed6aecdc7f5e4c0622c45ab98025b882422e643");
        FilKey key = key(SECRET);
        assertThat(key.address().toString(Network.TESTNET)).isEqualTo("t1d2xrzcslx7xlbbylc5c3d5lvandqw4iwl6epxba");
        Signature signature = key.sign(cid);
        assertThat(signature.data().hex()).isEqualTo("9c5b9323b331117a934344269904e6a9b52c3597c715794d8f3facbac54390093"
                + "54ab4427492b1955659acce2f52d54149882d3087a280d7e9a9d2862058685900");
        assertThat(Signatures.verify(signature, key.address(), cid)).isTrue();
        assertThat(Signatures.verify(signature, key.address(), message)).isFalse();
    }

    @Test
    void verifiesASignedMessageOfTheChain() {
        byte[] signed = hex("828a005501fd1d0f4dfcd7e99afcb99a8326b7dc459d32c62855011eaf1c8a4bbfeeb0870b1745b1f57503470b7116"
                + "0144000186a01a002625a04200014200010040584201d3046b14964521587c9b4243f9fe42e7962bc43e98016b425d662286b3d329d"
                + "31f80c858032f3a31586ce378522d79d5fb8ed445e4487bca85747449a8596b7801");
        assertThat(Cid.dagCborBlake2b(signed)).hasToString("bafy2bzacebaiinljwwctblf7czp4zxwhz4747z6tpricgn5cumd4xhebftcvu");
        byte[] cid = Cid.dagCborBlake2b(Arrays.copyOfRange(signed, 1, signed.length - 68)).toBytes();
        Signature signature = Signature.ofBytes(Arrays.copyOfRange(signed, signed.length - 66, signed.length));
        assertThat(Signatures.verify(signature, FilAddress.parse("t1d2xrzcslx7xlbbylc5c3d5lvandqw4iwl6epxba"), cid)).isTrue();
    }

    @Test
    void signsTheProposalsOfTheVectors() {
        FilKey client = key(Bytes.wrap(WireVectors.bytes("key.client.sk")).hex());
        assertThat(client.address().toBytes()).isEqualTo(WireVectors.bytes("addr.client"));
        assertThat(client.sign(WireVectors.bytes("DealProposal")).data().toArray())
                .isEqualTo(WireVectors.bytes("sig.client"));
        FilKey worker = key(Bytes.wrap(WireVectors.bytes("key.worker.sk")).hex());
        assertThat(worker.address().toBytes()).isEqualTo(WireVectors.bytes("addr.worker"));
    }

    @Test
    void believesOnlyTheOneWhoSigned() {
        FilKey key = key(SECRET);
        byte[] message = {1, 2, 3};
        Signature signature = key.sign(message);
        for (int at = 0; at < 65; at++) {
            byte[] changed = signature.data().toArray();
            changed[at] ^= 1;
            assertThat(Signatures.verify(new Signature(SignatureType.SECP256K1, Bytes.wrap(changed)), key.address(), message))
                    .as("byte %d", at).isFalse();
        }
        for (int length : new int[] {0, 64, 66}) {
            Bytes wrong = Bytes.wrap(Arrays.copyOf(signature.data().toArray(), length));
            assertThat(Signatures.verify(new Signature(SignatureType.SECP256K1, wrong), key.address(), message)).isFalse();
        }
        assertThat(Signatures.verify(new Signature(SignatureType.BLS, signature.data()), key.address(), message)).isFalse();
        assertThatThrownBy(() -> Signatures.verify(signature, FilAddress.ofId(5), message))
                .isInstanceOf(CryptoException.class).hasMessageContaining("f05");
    }

    @Test
    void verifiesADelegatedSignature() {
        byte[] transaction = hex("02f28401df5e7680832c8411832c8411830767f89452963ef50e27e06d72d59fcb4f3c2a687be3cfef880de0"
                + "b6b3a764000080c0");
        Signature signature = new Signature(SignatureType.DELEGATED, Bytes.ofHex("94b11866f453ad85a980e0e8a2fc98cbaeb4409618"
                + "c7734a7e12ae2f66fd405d42dbfb1b37af102023830ceeee0e703ffba0b8b3afeb8fe59f405eca9ed6107200"));
        FilAddress sender = FilAddress.parse("f410fkkld55ioe7qg24wvt7fu6pbknb56ht7pt4zamxa");
        assertThat(Signatures.verify(signature, sender, transaction)).isTrue();
        transaction[3] ^= 1;
        assertThat(Signatures.verify(signature, sender, transaction)).isFalse();
    }

    @Test
    void refusesWhatIsNoSecret() {
        for (String bad : new String[] {"00".repeat(32), "ff".repeat(32), "11".repeat(31), "11".repeat(33)}) {
            assertThatThrownBy(() -> key(bad)).isInstanceOf(CryptoException.class).hasMessageNotContaining("11");
        }
    }

    @Property(tries = 20)
    void everySignatureIsLowAndRecovers(@ForAll @Size(32) byte[] digest) {
        byte[] secret = Secp256k1.generate(new SecureRandom());
        byte[] signature = Secp256k1.sign(secret, digest);
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        assertThat(s).isLessThanOrEqualTo(Secp256k1.CURVE.getN().shiftRight(1));
        assertThat(Secp256k1.recover(digest, signature)).hasValueSatisfying(
                key -> assertThat(key).isEqualTo(Secp256k1.publicKey(secret, false)));
    }

    private static byte[] hex(String hex) {
        return Bytes.ofHex(hex).toArray();
    }
}
