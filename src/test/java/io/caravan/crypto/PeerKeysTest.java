package io.caravan.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.ProtobufWriter;
import io.caravan.support.Hostile;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerKeysTest {

    private static final String ED25519_SECRET = "080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d"
            + "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
    private static final String ED25519 = "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
    private static final String SECP_SECRET = "0802122053dadf1d5a164d6b4acdb15e24aa4c5b1d3461bdbd42abedb0a4404d56ced8fb";
    private static final String SECP = "08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99";
    private static final String ECDSA = "0803125b3059301306072a8648ce3d020106082a8648ce3d03010703420004de3d300fa36ae0e8f5d5"
            + "30899d83abab44abf3161f162a4bc901d8e6ecda020e8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec034e9f77c409e62";
    private static final String RSA = "080012a60430820222300d06092a864886f70d01010105000382020f003082020a0282020100e1beab071d08200bde24eef0"
            + "0d049449b07770ff9910257b2d7d5dda242ce8f0e2f12e1af4b32d9efd2c090f66b0f29986dbb645dae9880089704a94e506"
            + "6d594162ae6ee8892e6ec70701db0a6c445c04778eb3de1293aa1a23c3825b85c6620a2bc3f82f9b0c309bc0ab3aeb187328"
            + "2bebd3da03c33e76c21e9beb172fd44c9e43be32e2c99827033cf8d0f0c606f4579326c930eb4e854395ad941256542c7939"
            + "02185153c474bed109d6ff5141ebf9cd256cf58893a37f83729f97e7cb435ec679d2e33901d27bb35aa0d7e20561da08885e"
            + "f0abbf8e2fb48d6a5487047a9ecb1ad41fa7ed84f6e3e8ecd5d98b3982d2a901b4454991766da295ab78822add5612a2df83"
            + "bcee814cf50973e80d7ef38111b1bd87da2ae92438a2c8cbcc70b31ee319939a3b9c761dbc13b5c086d6b64bf7ae7dacc146"
            + "22375d92a8ff9af7eb962162bbddebf90acb32adb5e4e4029f1c96019949ecfbfeffd7ac1e3fbcc6b6168c34be3d5a2e5999"
            + "fcbb39bba7adbca78eab09b9bc39f7fa4b93411f4cc175e70c0a083e96bfaefb04a9580b4753c1738a6a760ae1afd851a1a4"
            + "bdad231cf56e9284d832483df215a46c1c21bdf0c6cfe951c18f1ee4078c79c13d63edb6e14feaeffabc90ad317e4875fe64"
            + "8101b0864097e998f0ca3025ef9638cd2b0caecd3770ab54a1d9c6ca959b0f5dcbc90caeefc4135baca6fd475224269bbe1b"
            + "0203010001";
    private static final byte[] MESSAGE = "caravan".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(strings = {ED25519, SECP, ECDSA, RSA})
    void readsAndWritesTheKeysOfTheSpecification(String hex) {
        PubKey key = PubKey.ofProtobuf(hex(hex));
        assertThat(Bytes.wrap(key.toProtobuf()).hex()).isEqualTo(hex);
        assertThat(key).isEqualTo(PubKey.of(key.kind(), key.data()));
        assertThat(key.verify(MESSAGE, new byte[64])).isFalse();
        assertThat(key.verify(MESSAGE, new byte[0])).isFalse();
        if (hex.length() < 1000) {
            Hostile.refusesEveryCut(hex(hex), CryptoException.class, PubKey::ofProtobuf);
        }
    }

    @Test
    void signsAsAnEd25519Peer() {
        PrivKey key = PrivKey.ofProtobuf(hex(ED25519_SECRET));
        assertThat(Bytes.wrap(key.toProtobuf()).hex()).isEqualTo(ED25519_SECRET);
        assertThat(Bytes.wrap(key.publicKey().toProtobuf()).hex()).isEqualTo(ED25519);
        assertThat(Bytes.wrap(key.sign(MESSAGE)).hex()).isEqualTo("341807f9f9c6ca05093972fcb905c29a2deebdb40f50af0e1da1c200"
                + "604ea267082174b9d8ecea69fae07b9d1d1c37864cad0a240c7527e6db28a676d5a79c09");
        assertThat(key.publicKey().verify(MESSAGE, key.sign(MESSAGE))).isTrue();
        assertThat(key).hasToString("PrivKey[ED25519, secret]");
        assertThat(PrivKey.ofProtobuf(key.toKeyInfo().privateKey().toArray()).publicKey()).isEqualTo(key.publicKey());
    }

    @Test
    void readsTheOlderFormOfAnEd25519Secret() {
        byte[] data = hex(ED25519_SECRET.substring(8) + ED25519_SECRET.substring(8 + 64));
        PrivKey key = PrivKey.ofProtobuf(new ProtobufWriter().varint(1, 1).bytes(2, data).toByteArray());
        assertThat(Bytes.wrap(key.toProtobuf()).hex()).isEqualTo(ED25519_SECRET);
        data[95] ^= 1;
        byte[] broken = new ProtobufWriter().varint(1, 1).bytes(2, data).toByteArray();
        assertThatThrownBy(() -> PrivKey.ofProtobuf(broken)).isInstanceOf(CryptoException.class);
    }

    @Test
    void signsAsASecp256k1Peer() {
        PrivKey key = PrivKey.ofProtobuf(hex(SECP_SECRET));
        assertThat(Bytes.wrap(key.publicKey().toProtobuf()).hex()).isEqualTo(SECP);
        assertThat(key.publicKey().verify(MESSAGE, key.sign(MESSAGE))).isTrue();
        assertThat(key.publicKey().verify(MESSAGE, hex("3045022100ae72835ee4b4a3324fe7afccc5a60da08851483518fd5d3bdacc49a1"
                + "1b09d9360220314f5a4845fee1bc12ada9589282c7f8fb32992a6c7f39ac2a475f99fdd18eee"))).isTrue();
        assertThat(Bytes.wrap(key.toProtobuf()).hex()).isEqualTo(SECP_SECRET);
    }

    @Test
    void believesRsaAndEcdsaPeers() throws GeneralSecurityException {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        assertBelieved(PubKey.Kind.RSA, rsa.generateKeyPair(), "SHA256withRSA");
        KeyPairGenerator ecdsa = KeyPairGenerator.getInstance("EC");
        ecdsa.initialize(new ECGenParameterSpec("secp256r1"));
        assertBelieved(PubKey.Kind.ECDSA, ecdsa.generateKeyPair(), "SHA256withECDSA");
    }

    private static void assertBelieved(PubKey.Kind kind, KeyPair pair, String algorithm) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(pair.getPrivate());
        signer.update(MESSAGE);
        byte[] signature = signer.sign();
        PubKey key = PubKey.of(kind, Bytes.of(pair.getPublic().getEncoded()));
        assertThat(key.verify(MESSAGE, signature)).isTrue();
        assertThat(key.verify(new byte[] {1}, signature)).isFalse();
    }

    @Test
    void refusesKeysOfWrongSizeBeforeUsingThem() throws GeneralSecurityException {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        Bytes small = Bytes.of(rsa.generateKeyPair().getPublic().getEncoded());
        assertThatThrownBy(() -> PubKey.of(PubKey.Kind.RSA, small)).isInstanceOf(CryptoException.class)
                .hasMessageContaining("1024 bits");
        KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
        p384.initialize(new ECGenParameterSpec("secp384r1"));
        Bytes other = Bytes.of(p384.generateKeyPair().getPublic().getEncoded());
        assertThatThrownBy(() -> PubKey.of(PubKey.Kind.ECDSA, other)).isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> PubKey.of(PubKey.Kind.ED25519, Bytes.wrap(new byte[31])))
                .isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> PubKey.of(PubKey.Kind.SECP256K1, Bytes.wrap(new byte[33])))
                .isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> PubKey.ofProtobuf(hex("08041200"))).isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> PrivKey.ofProtobuf(hex("0803120101"))).isInstanceOf(CryptoException.class)
                .hasMessageContaining("ECDSA");
    }

    @Test
    void survivesNoise() {
        Hostile.survivesNoise(hex(SECP), CryptoException.class, PubKey::ofProtobuf);
        Hostile.survivesNoise(hex(ECDSA), CryptoException.class, PubKey::ofProtobuf);
        byte[] signature = PrivKey.ofProtobuf(hex(SECP_SECRET)).sign(MESSAGE);
        PubKey key = PubKey.ofProtobuf(hex(SECP));
        Hostile.survivesNoise(Arrays.copyOf(signature, 8), CryptoException.class, noise -> key.verify(MESSAGE, noise));
    }

    @Test
    void agreesOnASecret() {
        SecureRandom random = new SecureRandom();
        byte[] ours = X25519.generate(random);
        byte[] theirs = X25519.generate(random);
        assertThat(X25519.sharedSecret(ours, X25519.publicKey(theirs)))
                .isEqualTo(X25519.sharedSecret(theirs, X25519.publicKey(ours)));
        assertThatThrownBy(() -> X25519.sharedSecret(ours, new byte[32])).isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> X25519.publicKey(new byte[31])).isInstanceOf(CryptoException.class);
    }

    private static byte[] hex(String hex) {
        return Bytes.ofHex(hex).toArray();
    }
}
