package io.caravan.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.rpc.RpcClient;
import io.caravan.support.TestPool;
import io.caravan.support.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database commits a block and the connection ends before it says so. */
class DoubtfulCommitTest {

    private final AtomicBoolean isCut = new AtomicBoolean();

    @Test
    void goesOnFromWhatTheDatabaseHas(@TempDir Path home) {
        DevnetConfig config = DevnetConfig.standard().at("127.0.0.1", 0).withInterval(Duration.ZERO);
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        try (DevnetNode node = new DevnetNode(config, cut(TestPool.of(TestPostgres.empty())), clock, home)) {
            node.start();
            try (RpcClient client = new RpcClient(node.endpoint(), node.token())) {
                client.call("Devnet.Mine", 3);
                isCut.set(true);
                assertThatThrownBy(() -> client.call("Devnet.Mine", 1)).isInstanceOf(RuntimeException.class);
                assertThat(node.height()).isEqualTo(3);
                client.call("Devnet.Mine", 1);
                assertThat(node.height()).as("block 4 was committed, 5 is new").isEqualTo(5);
                assertThat(node.trouble()).isEmpty();
            }
        }
    }

    private DataSource cut(DataSource whole) {
        return (DataSource) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {DataSource.class},
                (proxy, method, args) -> {
                    Object result = invoke(whole, method, args);
                    return result instanceof Connection connection ? cut(connection) : result;
                });
    }

    private Connection cut(Connection whole) {
        return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Connection.class},
                (proxy, method, args) -> {
                    Object result = invoke(whole, method, args);
                    if (method.getName().equals("commit") && isCut.compareAndSet(true, false)) {
                        throw new SQLException("connection lost", "08006");
                    }
                    return result;
                });
    }

    private static Object invoke(Object target, java.lang.reflect.Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
