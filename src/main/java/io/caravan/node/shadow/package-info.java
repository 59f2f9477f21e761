/** Candidates of phases that run beside the live ones without firing anything, and report where they would have decided otherwise. */
@org.jspecify.annotations.NullMarked
package io.caravan.node.shadow;
