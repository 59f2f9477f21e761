package io.caravan.support;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.function.Consumer;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.qpid.jms.JmsConnectionFactory;

/** A real AMQP 1.0 broker (ActiveMQ Artemis) inside a test's JVM, which can go away and come back at the same port. */
public final class TestBroker implements AutoCloseable {

    private final int port = FreePort.take();
    private EmbeddedActiveMQ broker;
    private Connection reader;

    /** Where it is while it runs. */
    public String url() {
        return "amqp://127.0.0.1:" + port;
    }

    /** Starts it, empty. */
    public void start() throws Exception {
        broker = new EmbeddedActiveMQ().setConfiguration(new ConfigurationImpl().setPersistenceEnabled(false)
                .setSecurityEnabled(false).setJMXManagementEnabled(false)
                .addAcceptorConfiguration("amqp", "tcp://127.0.0.1:" + port + "?protocols=AMQP"));
        broker.start();
    }

    /** Every message of a queue from now on, each as it comes, on the broker's thread. */
    public void read(String queue, Consumer<TextMessage> each) throws JMSException {
        reader = new JmsConnectionFactory(url()).createConnection();
        reader.start();
        Session session = reader.createSession(Session.AUTO_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
        consumer.setMessageListener(message -> each.accept((TextMessage) message));
    }

    @Override
    public void close() throws Exception {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        if (broker != null) {
            broker.stop();
            broker = null;
        }
    }
}
