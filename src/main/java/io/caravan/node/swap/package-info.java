/** Routes and settings that change while the node runs: checked, tried on paper, swapped, written down, and rolled back. */
@org.jspecify.annotations.NullMarked
package io.caravan.node.swap;
