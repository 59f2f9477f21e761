package io.caravan.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.model.DealProposal;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import io.caravan.model.SignedAsk;
import io.caravan.model.SignedProposal;
import io.caravan.support.WireVectors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProposalSignatureTest {

    private static final String MAINNET = "8bd82a5828000181e20392202062be59290ec100f88ddcdd72f0724c55fdae34cc811531446bf949"
            + "cf4b5c273c1a00020000f455016c97782f8f12baf87ce31af3866dd1baefbed944430085527833a165706369647381d82a5827000155a0e4"
            + "0220997a95a6d5fb31d394e5dd505be669fe7dd79ca51e95bbdd9801ed78b9242f5719ea621a000ba36f4300ee6b4040";
    private static final String MAINNET_SIGNATURE = "584201022f830eac4d722f40652e978ff1b616ea2bfc95a107c6d9d9d147507ff10ab779"
            + "8d5aca5b99cac55dc01facc8cd6d469ad65425cccdb73f74600fa1ee5027bb01";
    private static final String OWN = "8bd82a5828000181e2039220201111111111111111111111111111111111111111111111111111111111"
            + "111111190800f455011eaf1c8a4bbfeeb0870b1745b1f57503470b71164300e807676d4158415349411903e81a0007ece8430001f44040";

    @ParameterizedTest
    @ValueSource(strings = {"ClientDealProposal", "ClientDealProposal.boost"})
    void theClientsOfTheVectorsSigned(String name) {
        assertIsSigned(SignedProposal.ofCbor(WireVectors.bytes(name)));
    }

    @Test
    void theClientOfAMainnetDealSigned() {
        DealProposal proposal = DealProposal.ofCbor(Bytes.ofHex(MAINNET).toArray());
        Signature signature = Signature.readFrom(new CborReader(Bytes.ofHex(MAINNET_SIGNATURE).toArray()));
        SignedProposal signed = new SignedProposal(proposal, signature);
        assertThat(proposal.client()).hasToString("f1nslxql4pck5pq7hddlzym3orxlx35wkepzjkm3i");
        assertIsSigned(signed);
        assertThat(signed.proposalCid()).hasToString("bafyreifr3mvmffpxnsgbconayhamzzbnsftk2agtvamps4k3rzoh66p47y");
        assertThat(proposal.cid()).hasToString("bafy2bzaceanrlevazq2ake6w6y5e5r74tnsvpl7jfnxuvny4hucizefg4bqxu");
    }

    @Test
    void theWorkedExampleComesOut() {
        FilKey key = FilKey.of(new KeyInfo(KeyType.SECP256K1,
                Bytes.ofHex("f15716d3b003b304b8055d9cc62e6b9c869d56cc930c3858d4d7c31f5f53f14a")));
        DealProposal proposal = DealProposal.ofCbor(Bytes.ofHex(OWN).toArray());
        assertThat(proposal.duration()).isEqualTo(518400);
        SignedProposal signed = new SignedProposal(proposal, key.sign(proposal.toCbor()));
        assertThat(signed.proposalCid()).hasToString("bafyreih45o5b6qzludaekcu2o3fdxw7auypqqq2bjiiy7fr46zlq5aclcu");
        assertThat(proposal.cid()).hasToString("bafy2bzacebrgzwzetu5dn3t2zmwp2zcjww6agpe46d5udhxizyttj6sm3gx4m");
    }

    @Test
    void theWorkerOfTheVectorsSignedItsAsk() {
        byte[] response = WireVectors.bytes("ask110.resp");
        SignedAsk ask = SignedAsk.ofCbor(Arrays.copyOfRange(response, 5, response.length));
        FilAddress worker = FilAddress.ofBytes(WireVectors.bytes("addr.worker"));
        assertThat(Signatures.verify(ask.signature(), worker, ask.received().toArray())).isTrue();
        assertThat(Signatures.verify(ask.signature(), worker, ask.ask().toCborDeclared())).isFalse();
    }

    @Test
    void theWorkerSignedTheTupleOfTheOldAskProtocol() {
        byte[] response = WireVectors.bytes("ask101.resp");
        CborReader in = new CborReader(response);
        in.tuple(1);
        in.tuple(2);
        int from = in.position();
        in.skip();
        byte[] tuple = in.since(from).toArray();
        assertThat(tuple).isEqualTo(WireVectors.bytes("StorageAsk0"));
        assertThat(Signatures.verify(Signature.readFrom(in), FilAddress.ofBytes(WireVectors.bytes("addr.worker")), tuple))
                .isTrue();
    }

    private static void assertIsSigned(SignedProposal signed) {
        FilAddress client = signed.proposal().client();
        assertThat(Signatures.verify(signed.signature(), client, signed.proposal().toCbor())).isTrue();
        assertThat(Signatures.verify(signed.signature(), client,
                signed.proposal().withClient(FilAddress.ofId(7)).toCbor())).isFalse();
    }
}
