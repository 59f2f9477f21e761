package io.caravan.model;

import io.caravan.codec.CodecException;
import org.jspecify.annotations.Nullable;

/** Names what is missing when a record is made from JSON that left a field out. */
final class Required {

    private Required() {
    }

    /** Refuses the first value that is null; arguments are values, each followed by its name. */
    static void all(@Nullable Object... valuesAndNames) {
        for (int i = 0; i < valuesAndNames.length; i += 2) {
            if (valuesAndNames[i] == null) {
                throw new CodecException(valuesAndNames[i + 1] + " is missing");
            }
        }
    }
}
