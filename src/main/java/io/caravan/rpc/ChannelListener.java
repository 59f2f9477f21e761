package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Receives the values of one subscription, one at a time and in order, on a thread of the client: do not block long.
 */
public interface ChannelListener {
    /** One value of the channel. */
    void onValue(JsonNode value);

    /**
     * The channel ended; nothing comes after. There is no resume: subscribe again and look at the present state.
     *
     * @param reason one sentence, e.g. that the far side closed it or that the connection was lost
     */
    void onClosed(String reason);
}
