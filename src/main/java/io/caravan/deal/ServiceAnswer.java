package io.caravan.deal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What an operator's service answered to the question about a deal.
 *
 * @param reason for the client, when the service does not want the deal
 * @param why it decided nothing, null when it did
 */
record ServiceAnswer(boolean accept, String reason, @Nullable String why) {

    private static final int MOST_BYTES = 64 << 10;
    private static final int MOST_DEPTH = 20;
    private static final int OK = 200;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build()).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** Reads an answer; every one that is not a plain yes or no decides nothing, and says why. */
    static ServiceAnswer of(int status, InputStream body) {
        if (status != OK) {
            return nothing("the deal service answered with status " + status);
        }
        JsonNode json;
        try {
            byte[] bytes = body.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                return nothing("the deal service answered with more than " + MOST_BYTES + " bytes");
            }
            json = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            return nothing("the deal service did not answer in JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            return nothing("the answer of the deal service broke off: " + e.getMessage());
        }
        if (!json.path("accept").isBoolean()) {
            return nothing("the answer of the deal service has no \"accept\" of true or false");
        }
        return new ServiceAnswer(json.path("accept").asBoolean(), json.path("reason").asText(""), null);
    }

    private static ServiceAnswer nothing(String why) {
        return new ServiceAnswer(false, "", why);
    }
}
