/** The conformance scenarios S001 to S143 of the deal lifecycle, and the world they run in. */
@NullMarked
package io.caravan.scenario;

import org.jspecify.annotations.NullMarked;
