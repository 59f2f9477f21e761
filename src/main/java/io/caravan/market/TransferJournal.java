package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.model.Role;
import java.util.List;
import java.util.Optional;

/**
 * Where transfers are remembered. Each method is one committed transaction; a transfer's key is its role and channel. A
 * deal's routes learn from here how its transfer goes. Progress of a running transfer is saved as often
 * as the settings say.
 */
public interface TransferJournal {

    /** Inserts the transfer or takes the place of what was recorded under its key. */
    void save(Transfer transfer);

    Optional<Transfer> find(Role role, ChannelId channel);

    /** The newest transfer for that deal, whatever its status. */
    Optional<Transfer> findByProposal(Role role, Cid proposalCid);

    /** That deal's transfers whose status is not an end: one, or for a moment two while a channel replaces another. */
    default List<Transfer> live(Role role, Cid proposalCid) {
        return live(role).stream().filter(transfer -> transfer.proposalCid().equals(proposalCid)).toList();
    }

    /** Every transfer whose status is not an end, oldest first. */
    List<Transfer> live(Role role);
}
