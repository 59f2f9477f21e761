package io.caravan.camel;

import io.caravan.model.PhaseException;
import io.caravan.rpc.RpcException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.RuntimeCamelException;

/** What a route's failure means to the caller of its method. */
final class RpcErrors {
    private RpcErrors() {}

    /** One sentence for a failure that was foreseen; anything else as it is, for the dispatcher to hide and log. */
    static Exception translated(Exception failure) {
        Throwable cause = failure;
        while ((cause instanceof CamelExecutionException || cause instanceof RuntimeCamelException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof PhaseException foreseen) {
            return new RpcException(1, String.valueOf(foreseen.getMessage()), null, foreseen);
        }
        return cause instanceof Exception known ? known : failure;
    }
}
