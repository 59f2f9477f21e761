/** The terminal: one small command class a verb; each talks to a running role over its JSON-RPC port, as middleware does. */
@org.jspecify.annotations.NullMarked
package io.caravan.node.cli;
