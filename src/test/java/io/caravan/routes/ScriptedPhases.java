package io.caravan.routes;

import io.caravan.model.Deal;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** Takes the place of the beans: every phase a route calls does what the test says at that moment. */
final class ScriptedPhases extends DefaultComponent {

    private volatile UnaryOperator<Deal> phase = deal -> deal;

    /** What the next phase does, whichever it is. */
    void say(UnaryOperator<Deal> work) {
        phase = work;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
        parameters.remove("method");
        return new Scripted(uri);
    }

    private final class Scripted extends DefaultEndpoint {

        Scripted(String uri) {
            super(uri, ScriptedPhases.this);
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) throws Exception {
                    exchange.getMessage().setBody(phase.apply(exchange.getMessage().getMandatoryBody(Deal.class)));
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("a phase is called, it calls nobody");
        }
    }
}
