package io.caravan.chain;

/**
 * What a message would have done.
 *
 * @param error the chain's words where it failed; empty where it did not, or where the node gives none
 */
public record Simulation(MessageReceipt receipt, String error) {

    /** Whether the message would have worked. */
    public boolean isOk() {
        return receipt.isOk();
    }

    /** Why it failed, for people. */
    public String reason() {
        return error.isBlank() ? "exit code " + receipt.exitCode() : error;
    }
}
