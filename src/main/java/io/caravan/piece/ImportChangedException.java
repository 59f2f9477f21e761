package io.caravan.piece;

import java.io.IOException;
import java.nio.file.Path;

/** The user's file is gone or is not the file that was imported; importing it again is the way out. */
public final class ImportChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;

    ImportChangedException(Path file, String how) {
        super("File " + file + " changed since it was imported (" + how + "); import it again");
        this.file = file;
    }

    public Path file() {
        return file;
    }
}
