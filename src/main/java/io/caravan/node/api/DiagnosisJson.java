package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.FilAddress;
import io.caravan.node.net.Diagnosis;
import io.caravan.node.net.Finding;
import io.caravan.node.observe.HealthReport;
import java.util.List;
import java.util.Locale;

/** A diagnosis as {@code doctor} and health show it. */
final class DiagnosisJson {

    private DiagnosisJson() {}

    static ObjectNode of(ApiJson json, Diagnosis diagnosis) {
        ObjectNode out = json.object().put("miner", json.address(FilAddress.parse(diagnosis.miner()))).put("healthy", diagnosis.isHealthy())
                .put("sentence", diagnosis.sentence());
        return with(out, diagnosis.findings());
    }

    /** The same of a role that is no miner. */
    static ObjectNode ofRole(ApiJson json, String role, List<Finding> findings) {
        return with(json.object().put("role", role).put("healthy", Diagnosis.isHealthy(findings))
                .put("sentence", Diagnosis.sentence(findings, "nothing is wrong")), findings);
    }

    /** Whether it works and takes deals, beside what was found. */
    static ObjectNode standing(ObjectNode out, HealthReport report) {
        return out.put("healthy", report.isHealthy()).put("ready", report.isReady()).put("live", report.isLive());
    }

    private static ObjectNode with(ObjectNode out, List<Finding> all) {
        ArrayNode findings = out.putArray("findings");
        all.forEach(finding -> findings.addObject().put("code", finding.code()).put("level", finding.level().name().toLowerCase(Locale.ROOT))
                .put("check", finding.check()).put("sentence", finding.sentence()).put("fix", finding.fix()));
        return out;
    }
}
