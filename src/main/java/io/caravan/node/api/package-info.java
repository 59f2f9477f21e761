/**
 * The Filecoin.* methods of daemon and miner: JSON as Lotus has it on one side, our records on the other.
 *
 * <p>Nothing is decided here. A method reads its parameters, asks or tells one class of a lower package, and writes the
 * answer. Methods that belong to a deal's flow are beans of {@code jsonrpc:} routes; the others register themselves in
 * the server's method table. What the daemon does not know itself goes to the chain node (spec: chain-and-rpc §2).
 */
@org.jspecify.annotations.NullMarked
package io.caravan.node.api;
