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
        return findings.stream().noneMatch(finding -> finding.level() == Finding.Level.FAIL);
    }

    /** The answer in one sentence: the first thing that is wrong and what to do, or that nothing is. */
    public String sentence() {
        return first(Finding.Level.FAIL).or(() -> first(Finding.Level.WARN))
                .map(finding -> finding.code() + ": " + finding.sentence() + (finding.fix() == null ? "" : ". Do: " + finding.fix()))
                .orElse("miner " + miner + " can be reached: nothing is wrong");
    }

    private Optional<Finding> first(Finding.Level level) {
        return findings.stream().filter(finding -> finding.level() == level).findFirst();
    }
}
