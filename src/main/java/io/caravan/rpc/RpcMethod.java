package io.caravan.rpc;

/**
 * One callable method.
 *
 * @param permission the right a caller needs, exactly this one
 * @param paramCount how many positional parameters the call has to bring, optional ones included as null;
 *        {@link #ANY_COUNT} leaves it to the handler
 * @param handler what it does
 */
public record RpcMethod(Permission permission, int paramCount, RpcHandler handler) {
    /** The handler looks at the number of parameters itself. */
    public static final int ANY_COUNT = -1;

    public RpcMethod {
        if (paramCount < ANY_COUNT) {
            throw new IllegalArgumentException("a method takes 0 or more parameters, not " + paramCount);
        }
    }

    public static RpcMethod of(Permission permission, int paramCount, RpcHandler handler) {
        return new RpcMethod(permission, paramCount, handler);
    }

    /** Shorthand for the many methods everybody may call. */
    public static RpcMethod read(int paramCount, RpcHandler handler) {
        return new RpcMethod(Permission.READ, paramCount, handler);
    }
}
