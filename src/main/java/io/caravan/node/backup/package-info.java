/** A node's rows, keys and files in one file, taken while it runs, and put back into an empty home folder. */
@NullMarked
package io.caravan.node.backup;

import org.jspecify.annotations.NullMarked;
