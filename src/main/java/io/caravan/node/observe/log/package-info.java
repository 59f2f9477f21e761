/** The log files of a home folder, read back: lines in text or JSON, and which of them are about a deal. */
@NullMarked
package io.caravan.node.observe.log;

import org.jspecify.annotations.NullMarked;
