package io.caravan.node.observe.log;

import java.util.Set;

/**
 * Which lines are about one deal: those that carry its proposal CID, those that name it or its publish message, and those about
 * the sector that its piece is in.
 *
 * @param names the publish message's CID and the like; a line with one of them is meant
 * @param sector empty while it has none
 */
public record AboutDeal(String proposalCid, Set<String> names, String sector) {

    public AboutDeal {
        names = Set.copyOf(names);
    }

    public boolean has(LogLine line) {
        return proposalCid.equals(line.fields().get("deal")) || line.message().contains(proposalCid)
                || !sector.isEmpty() && sector.equals(line.fields().get("sector")) || names.stream().anyMatch(line.message()::contains);
    }
}
