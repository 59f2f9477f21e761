package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.NetworkParams;
import io.caravan.model.PaddedPieceSize;
import io.caravan.sealing.SealingEngine.Capabilities;
import io.caravan.sealing.SealingEngine.ProofKind;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineFitTest {

    private static final PaddedPieceSize SMALL = PaddedPieceSize.of(2048);

    @ParameterizedTest
    @EnumSource
    void everyEngineFitsADevnetThatDoesNotSayWhatItTakes(ProofKind kind) {
        assertThat(refusal(kind, network("caravan-devnet", ""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mainnet", "calibrationnet", "localnet-1", "", "caravan-devnet-2"})
    void onlySuccinctProofsFitAnotherChain(String name) {
        assertThat(refusal(ProofKind.GROTH16, network(name, ""))).isEmpty();
        assertThat(refusal(ProofKind.PLACEHOLDER, network(name, ""))).isPresent();
        assertThat(refusal(ProofKind.VANILLA_DEVNET, network(name, "vanilla"))).hasValueSatisfying(reason ->
                assertThat(reason).startsWith("does not fit this chain: it is " + name + ", ").contains("VANILLA_DEVNET", "chain.url",
                        "sealing.engine = lotus-miner"));
    }

    @ParameterizedTest
    @CsvSource({"vanilla,PLACEHOLDER,sealing.engine = java here,devnet.proofs = placeholder where",
        "placeholder,VANILLA_DEVNET,sealing.engine = placeholder here,devnet.proofs = vanilla where"})
    void aDevnetThatTakesOtherProofsIsRefusedWithBothWaysOut(String taken, ProofKind kind, String here, String there) {
        assertThat(refusal(kind, network("caravan-devnet", taken))).hasValueSatisfying(reason -> assertThat(reason)
                .startsWith("does not fit this devnet: it takes " + taken + " proofs").contains(here, there));
    }

    @Test
    void eachEngineFitsTheDevnetThatTakesItsProofs() {
        assertThat(refusal(ProofKind.VANILLA_DEVNET, network("caravan-devnet", "vanilla"))).isEmpty();
        assertThat(refusal(ProofKind.PLACEHOLDER, network("caravan-devnet", "placeholder"))).isEmpty();
    }

    @Test
    void sectorsThatAreTooLargeForTheEngineAreRefused() {
        Capabilities engine = new Capabilities(EnumSet.of(SealProof.SEAL_2K, SealProof.SEAL_8M), ProofKind.VANILLA_DEVNET, true);
        assertThat(EngineFit.refusal(engine, network("caravan-devnet", "vanilla"), PaddedPieceSize.of(32L << 30))).hasValueSatisfying(
                reason -> assertThat(reason).contains("its sectors have 34359738368 bytes, and the engine seals 2048, 8388608.", "miner.sector-size"));
    }

    private static Optional<String> refusal(ProofKind kind, NetworkParams network) {
        return EngineFit.refusal(new Capabilities(EnumSet.of(SealProof.SEAL_2K), kind, true), network, SMALL);
    }

    private static NetworkParams network(String name, String proofs) {
        return new NetworkParams(name, Duration.ofSeconds(30), 150, Instant.EPOCH, proofs);
    }
}
