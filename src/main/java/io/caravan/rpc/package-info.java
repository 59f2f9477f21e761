/**
 * JSON-RPC 2.0 as Lotus speaks it: one envelope, one table of methods, one port for HTTP and WebSocket.
 *
 * <p>The package knows nothing of deals. {@link io.caravan.rpc.MethodTable} says what can be called and with which
 * right, {@link io.caravan.rpc.RpcServer} carries calls in over HTTP and WebSocket, {@link io.caravan.rpc.RpcClient}
 * carries them out, {@link io.caravan.rpc.Tokens} says who may. Every size, depth, count and time is bounded before a
 * byte is looked at (spec: chain-and-rpc §1).
 */
@org.jspecify.annotations.NullMarked
package io.caravan.rpc;
