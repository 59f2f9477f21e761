package io.caravan.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/** What a request may be called. */
class EnvelopeTest {

    private static ObjectNode request(int idLength) {
        return JsonNodeFactory.instance.objectNode().put("id", "x".repeat(idLength)).put("method", "Filecoin.ChainNotify");
    }

    /** A channel that stays open keeps its id, so that one must not be as long as a body. */
    @Test
    void anIdIsShort() {
        assertThat(Envelope.read(request(1024)).id()).isNotNull();
        assertThatThrownBy(() -> Envelope.read(request(1025))).isInstanceOf(RpcException.class).hasMessageContaining("1024");
        assertThat(Envelope.idOf(request(1025))).as("it is not sent back either").isNull();
    }
}
