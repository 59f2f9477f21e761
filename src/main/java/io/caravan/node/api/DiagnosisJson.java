package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.FilAddress;
import io.caravan.node.net.Diagnosis;
import java.util.Locale;

/** A diagnosis as {@code doctor} and health show it. */
final class DiagnosisJson {

    private DiagnosisJson() {}

    static JsonNode of(ApiJson json, Diagnosis diagnosis) {
        ObjectNode out = json.object().put("miner", json.address(FilAddress.parse(diagnosis.miner()))).put("healthy", diagnosis.isHealthy())
                .put("sentence", diagnosis.sentence());
        ArrayNode findings = out.putArray("findings");
        diagnosis.findings().forEach(finding -> findings.addObject().put("code", finding.code()).put("level", finding.level().name().toLowerCase(Locale.ROOT))
                .put("check", finding.check()).put("sentence", finding.sentence()).put("fix", finding.fix()));
        return out;
    }
}
