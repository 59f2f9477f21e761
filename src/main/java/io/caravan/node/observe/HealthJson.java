package io.caravan.node.observe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Health as {@code /observe/health} shows it. */
final class HealthJson {

    private HealthJson() {}

    static ObjectNode of(HealthReport report) {
        ObjectNode out = JsonNodeFactory.instance.objectNode().put("role", report.role())
                .put("healthy", report.isHealthy()).put("ready", report.isReady()).put("live", report.isLive());
        var checks = out.putArray("checks");
        report.looks().forEach(look -> look.findings().forEach(finding -> checks.addObject().put("name", look.name())
                .put("code", finding.code()).put("check", finding.check())
                .put("status", finding.level().name().toLowerCase(Locale.ROOT)).put("sentence", finding.sentence())
                .put("fix", finding.fix())));
        return out;
    }
}
