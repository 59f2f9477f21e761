package io.caravan.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.NetworkParams;
import io.caravan.sealing.SealingEngine.Capabilities;
import io.caravan.sealing.SealingEngine.ProofKind;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineFitTest {

    @ParameterizedTest
    @EnumSource
    void everyEngineFitsTheDevnet(ProofKind kind) {
        assertThat(EngineFit.refusal(engine(kind), network("caravan-devnet"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mainnet", "calibrationnet", "localnet-1", "", "caravan-devnet-2"})
    void onlySuccinctProofsFitAnotherChain(String name) {
        assertThat(EngineFit.refusal(engine(ProofKind.GROTH16), network(name))).isEmpty();
        assertThat(EngineFit.refusal(engine(ProofKind.PLACEHOLDER), network(name))).isPresent();
        assertThat(EngineFit.refusal(engine(ProofKind.VANILLA_DEVNET), network(name))).hasValueSatisfying(reason ->
                assertThat(reason).contains("the chain is " + name, "VANILLA_DEVNET", "sealing.engine"));
    }

    private static Capabilities engine(ProofKind kind) {
        return new Capabilities(EnumSet.of(SealProof.SEAL_2K), kind, true);
    }

    private static NetworkParams network(String name) {
        return new NetworkParams(name, Duration.ofSeconds(30), 150, Instant.EPOCH);
    }
}
