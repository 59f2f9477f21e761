package io.caravan.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.store.MessageIntent;
import io.caravan.store.MessageStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.StoredMessage;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("db")
class MessageWatchTest {

    private static final String KEY = "add-balance/f01001/1";
    private static final Cid MESSAGE = Cid.dagCborBlake2b(new byte[] {7});

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    /** The tick of the funds and a deal's phase look at the same message at the same moment, each having read it before it was noted. */
    @Test
    void aMessageThatTwoSeeLandIsToldOnce() {
        MessageStore messages = new PostgresMessageStore(POSTGRES.database().sql(), SettableClock.at(Instant.parse("2026-01-01T00:00:00Z")));
        FilAddress wallet = FilAddress.ofId(1001);
        messages.intend(new MessageIntent(KEY, wallet, FilAddress.MARKET, 2, TokenAmount.ofFil(1), Bytes.EMPTY, "top up"));
        messages.sign(KEY, 0, nonce -> new MessageStore.Signed(Bytes.wrap(new byte[] {1}), MESSAGE, 100));
        messages.pushed(KEY);
        StoredMessage before = messages.find(KEY).orElseThrow();
        FakeChain chain = FakeChain.at(100).account(wallet, wallet);
        chain.land(MESSAGE, 0, Bytes.EMPTY);
        chain.to(200);
        List<String> told = new ArrayList<>();
        MessageWatcher watcher = new MessageWatcher(chain, asReadBefore(messages, before));
        watcher.watchedBy((message, receipt, baseFee) -> told.add(message.intent().key()));
        assertThat(watcher.look(MESSAGE, 5)).isInstanceOf(Landing.Landed.class);
        assertThat(watcher.look(MESSAGE, 5)).isInstanceOf(Landing.Landed.class);
        assertThat(told).containsExactly(KEY);
    }

    private static MessageStore asReadBefore(MessageStore real, StoredMessage before) {
        return (MessageStore) Proxy.newProxyInstance(MessageStore.class.getClassLoader(), new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> method.getName().equals("findByCid") ? Optional.of(before) : method.invoke(real, arguments));
    }
}
