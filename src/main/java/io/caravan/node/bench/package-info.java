/** The programs behind {@code ./caravan bench}: each prints a speed beside something measured in the same run. */
@NullMarked
package io.caravan.node.bench;

import org.jspecify.annotations.NullMarked;
