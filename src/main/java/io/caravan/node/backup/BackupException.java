package io.caravan.node.backup;

/** A backup that cannot be taken or used as asked; the message says why, and nothing was changed. */
public final class BackupException extends RuntimeException {

    public BackupException(String message) {
        super(message);
    }
}
