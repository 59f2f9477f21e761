/**
 * The program: reads configuration, wires the three roles, and talks to people through a terminal.
 *
 * <p>Everything below is imported here and nothing below imports this package.
 */
@org.jspecify.annotations.NullMarked
package io.caravan.node;
