/**
 * Where time comes from and who works when: threads and the wall clock in production, one thread at a time and a virtual
 * clock in a simulation.
 */
@NullMarked
package io.caravan.time;

import org.jspecify.annotations.NullMarked;
