/**
 * PostgreSQL as the one truth and the one queue: the pool, the migrations, and a store per thing that must survive a
 * kill. Deals and sectors move only by compare-and-set on state, version and lease; each move is one transaction with
 * its history and outbox rows. Every statement lies in its own file under {@code sql/}.
 */
@NullMarked
package io.caravan.store;

import org.jspecify.annotations.NullMarked;
