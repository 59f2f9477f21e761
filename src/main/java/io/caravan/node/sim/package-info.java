/**
 * Months of deals in minutes: the product's own roles, routes and stores on a virtual clock, a simulated network and a
 * chain that mines when somebody looks. Everything that happens is decided by one seed.
 */
@NullMarked
package io.caravan.node.sim;

import org.jspecify.annotations.NullMarked;
