package io.caravan.deal;

import static io.caravan.support.DealFixture.HEAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.FeeLimit;
import io.caravan.chain.SignedMessage;
import io.caravan.model.Deal;
import io.caravan.model.TokenAmount;
import io.caravan.support.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that dies behind any call to chain or message store, and is started again, publishes each deal once. */
class PublishKillTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final FeeLimit FEES = new FeeLimit(TokenAmount.ofAtto(400_000_000), 10);
    private static final int MOST_CALLS = 200;

    @ParameterizedTest(name = "a block takes the first of the versions: {0}")
    @ValueSource(booleans = {true, false})
    void publishesOnceHoweverOftenItDies(boolean isFirst) {
        int kills = 0;
        boolean died;
        do {
            died = diesAndGoesOn(++kills, isFirst);
        } while (died && kills < MOST_CALLS);
        assertThat(kills).as("calls that a publication makes").isBetween(20, MOST_CALLS - 1);
    }

    /** Whether it died: a number beyond the last call kills nobody. */
    private static boolean diesAndGoesOn(int call, boolean isFirst) {
        PublishBench.Mortal life = new PublishBench.Mortal();
        PublishBench bench = new PublishBench(POSTGRES, FEES, life);
        Deal deal = bench.deal();
        life.diesAfter(call);
        boolean died = false;
        try {
            publishes(bench, deal, isFirst);
        } catch (PublishBench.Killed e) {
            died = true;
        }
        life.lives();
        Deal known = publishes(bench, deal, isFirst);
        List<SignedMessage> pushed = bench.chain().pushed();
        assertThat(known.dealId()).as("killed behind call %d", call).isEqualTo(42L);
        assertThat(pushed.stream().map(signed -> signed.message().nonce()).distinct()).as("killed behind call %d", call).hasSize(1);
        assertThat(pushed.stream().map(signed -> signed.message().params()).distinct()).hasSize(1);
        assertThat(bench.queue().attempts(deal.proposalCid())).hasSize(1);
        return died;
    }

    /** From the row as a restart finds it to the deal's number; the fee is raised on the way. */
    private static Deal publishes(PublishBench bench, Deal deal, boolean isFirst) {
        DealPublisher publisher = bench.publisher();
        Deal sent = publisher.publish(deal);
        publisher.look(sent);
        if (bench.chain().head().epoch().value() == HEAD) {
            bench.chain().to(HEAD + 10);
        }
        bench.lane().resume();
        List<SignedMessage> pushed = bench.chain().pushed();
        if (bench.chain().pending().size() == pushed.size()) {
            bench.land(pushed.get(isFirst ? 0 : pushed.size() - 1).cid(), deal, 42);
        }
        return publisher.look(sent);
    }
}
