/**
 * The project's own Camel components: {@code deal:} and {@code sector:} feed routes from the tables and move rows,
 * {@code libp2p:} and {@code jsonrpc:} connect routes with peers and callers.
 */
@org.jspecify.annotations.NullMarked
package io.caravan.camel;
