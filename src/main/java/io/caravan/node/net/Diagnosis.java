package io.caravan.node.net;

import java.util.List;
import java.util.Optional;

/** All findings about one miner, in the order of their codes. */
public record Diagnosis(String miner, List<Finding> findings) {

    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /** Whether no check failed. */
    public boolean isHealthy() {
        return isHealthy(findings);
    }

    /** Whether none of them failed. */
    public static boolean isHealthy(List<Finding> findings) {
        return findings.stream().noneMatch(finding -> finding.level() == Finding.Level.FAIL);
    }

    /** The answer in one sentence: the first thing that is wrong and what to do, or that nothing is. */
    public String sentence() {
        return sentence(findings, "miner " + miner + " can be reached: nothing is wrong");
    }

    /** The first thing that is wrong and what to do; the given sentence where nothing is. */
    public static String sentence(List<Finding> findings, String well) {
        return first(findings, Finding.Level.FAIL).or(() -> first(findings, Finding.Level.WARN))
                .map(finding -> finding.code() + ": " + finding.sentence() + (finding.fix() == null ? "" : ". Do: " + finding.fix()))
                .orElse(well);
    }

    private static Optional<Finding> first(List<Finding> findings, Finding.Level level) {
        return findings.stream().filter(finding -> finding.level() == level).findFirst();
    }
}
