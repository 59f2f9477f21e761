package io.caravan.node.sim;

import io.caravan.codec.Hashes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a simulation ended.
 *
 * @param ends how many deals ended (or rest) in which states, as {@code client/provider}
 * @param failures how many deals failed with which code
 * @param wrong what must hold and does not, each in a sentence
 * @param digest of every deal's history at both sides; the same for the same order
 */
public record Outcome(Simulation.Order order, Map<String, Integer> ends, Map<String, Integer> failures, List<String> wrong,
        World world, String digest) {

    /** What happened around the deals. */
    public record World(Map<Fault.Deed, Integer> faults, int kills, int stops, long blocks, int samples, Duration lived) {
    }

    private static final int DIGEST_CHARS = 32;

    /** Whether everything holds. */
    public boolean isGood() {
        return wrong.isEmpty();
    }

    static Outcome of(Simulation.Order order, Map<Integer, String> proposals, Map<String, Story> client, Map<String, Story> provider,
            List<String> wrong, World world) {
        Map<String, Integer> ends = new TreeMap<>();
        Map<String, Integer> failures = new TreeMap<>();
        StringBuilder all = new StringBuilder();
        proposals.forEach((number, proposal) -> {
            Story here = client.getOrDefault(proposal, Story.NONE);
            Story there = provider.getOrDefault(proposal, Story.NONE);
            ends.merge(name(here) + "/" + name(there), 1, Integer::sum);
            if (!here.code().isEmpty()) {
                failures.merge(here.code(), 1, Integer::sum);
            }
            all.append(number).append(' ').append(proposal).append(' ').append(here.codes()).append(' ').append(there.codes())
                    .append(' ').append(here.code()).append('\n');
        });
        String digest = HexFormat.of().formatHex(Hashes.sha256(all.toString().getBytes(StandardCharsets.UTF_8)));
        return new Outcome(order, ends, failures, wrong, world, digest.substring(0, DIGEST_CHARS));
    }

    private static String name(Story story) {
        return story.exists() ? story.last().wireName().replace("StorageDeal", "") : "-";
    }
}
