package io.caravan.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.Message;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.LotusJson;
import io.caravan.model.TokenAmount;
import io.caravan.support.TestDevnet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A devnet whose clock runs: epochs of 100 ms under load. */
class DevnetClockTest {

    @Test
    void makesBlocksByItselfAndLandsManyMessages() throws Exception {
        try (TestDevnet devnet = TestDevnet.start(config -> config.withInterval(Duration.ofMillis(100)))) {
            assertThat(devnet.call("StateGetNetworkParams").get("BlockDelayMillis").longValue()).isEqualTo(100);
            List<CompletableFuture<JsonNode>> waits = new ArrayList<>();
            for (int nonce = 0; nonce < 40; nonce++) {
                Message message = Message.of(TestDevnet.CLIENT.address(), TestDevnet.MINER, TokenAmount.ofAtto(1), 0,
                        Bytes.EMPTY)
                        .withNonce(nonce).withGas(1_000_000, TokenAmount.ofAtto(200), TokenAmount.ofAtto(10));
                SignedMessage signed = new SignedMessage(message, TestDevnet.CLIENT.sign(message.signingBytes()));
                waits.add(devnet.client().callAsync(Duration.ofSeconds(30), "Filecoin.StateWaitMsg",
                        List.of(LotusJson.cid(devnet.push(signed)), 2, -1, true)));
            }
            for (CompletableFuture<JsonNode> wait : waits) {
                assertThat(wait.get(20, TimeUnit.SECONDS).get("Receipt").get("ExitCode").asInt()).isZero();
            }
            devnet.call("Devnet.SetInterval", 0);
            long height = devnet.height();
            assertThat(devnet.mine(1)).isEqualTo(height + 1);
            assertThat(devnet.node().trouble()).isEmpty();
        }
    }

    @Test
    void goesOnWhereItWasAfterAKillWhileItsClockRuns() {
        try (TestDevnet devnet = TestDevnet.start(config -> config.withInterval(Duration.ofMillis(20)))) {
            for (int i = 0; i < 5; i++) {
                long seen = devnet.height();
                devnet.killAndReopen();
                assertThat(devnet.height()).isGreaterThanOrEqualTo(seen);
                assertThat(devnet.call("ChainGetTipSetByHeight", seen, List.of()).get("Height").longValue())
                        .isEqualTo(seen);
            }
        }
    }
}
