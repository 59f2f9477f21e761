package io.caravan.node;

import org.apache.qpid.jms.JmsConnectionFactory;
import org.springframework.jms.connection.CachingConnectionFactory;

/**
 * The way to an AMQP 1.0 broker as the option {@code connectionFactory} of an endpoint names it:
 * {@code #class:io.caravan.node.AmqpLink('amqp://127.0.0.1:5672')}. One connection is kept and made again after it broke;
 * a message that meets a broken one is an exception of its route.
 */
public final class AmqpLink extends CachingConnectionFactory {

    private static final int SESSIONS = 4;

    /** @param address such as {@code amqps://user:password@broker:5671}, with the options of Qpid JMS after a question mark */
    public AmqpLink(String address) {
        super(new JmsConnectionFactory(address));
        setReconnectOnException(true);
        setSessionCacheSize(SESSIONS);
    }
}
