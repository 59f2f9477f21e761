package io.caravan.rpc;

/**
 * One call on its way to its handler.
 *
 * @param method the full name, e.g. {@code Filecoin.ClientStartDeal}
 * @param params its positional parameters
 * @param context who calls and how
 */
public record RpcCall(String method, Params params, CallContext context) {}
