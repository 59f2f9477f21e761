package io.caravan.node.swap;

import java.util.List;
import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.bean.BeanComponent;
import org.apache.camel.support.DefaultEndpoint;

/** Stands in for {@code bean:} where no beans are; which there would be, {@link NamedBeans} knows. */
final class PaperBean extends BeanComponent {

    private static final List<String> OPTIONS = List.of("method", "scope", "cache", "lazyStartProducer");

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
        parameters.keySet().removeAll(OPTIONS);
        return new DefaultEndpoint(uri, this) {
            @Override
            public Producer createProducer() {
                throw new UnsupportedOperationException(uri + " is on paper only");
            }

            @Override
            public Consumer createConsumer(Processor processor) {
                throw new UnsupportedOperationException(uri + " begins no route");
            }
        };
    }
}
