package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.chain.Message;
import io.caravan.chain.SignedMessage;
import io.caravan.crypto.KeyInfo;
import io.caravan.crypto.KeyType;
import io.caravan.crypto.Signatures;
import io.caravan.crypto.Wallet;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;

/** {@code Filecoin.Wallet*}: the devnet's own keys (chain-and-rpc §2.1). */
final class WalletCalls {

    private final Wallet wallet;
    private final Shapes shapes;
    private final Reader reader;
    private final PoolCalls pool;

    WalletCalls(Wallet wallet, LiveChain chain, Shapes shapes, PoolCalls pool) {
        this.wallet = wallet;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
        this.pool = pool;
    }

    void register(MethodTable table) {
        method(table, "WalletNew", Permission.WRITE, 1,
                params -> address(wallet.generate(KeyType.ofName(params.text(0, "key type")))));
        method(table, "WalletHas", Permission.WRITE, 1, params -> shapes.of(wallet.has(keyOrSame(params))));
        method(table, "WalletList", Permission.WRITE, 0, params -> {
            ArrayNode list = shapes.array();
            wallet.list().forEach(address -> list.add(shapes.address(address)));
            return list;
        });
        method(table, "WalletDefaultAddress", Permission.WRITE, 0, params -> wallet.defaultAddress().map(this::address)
                .orElseThrow(() -> new RpcException("failed to get default key")));
        method(table, "WalletSetDefault", Permission.WRITE, 1, params -> {
            wallet.setDefault(reader.address(params, 0));
            return shapes.of(null);
        });
        method(table, "WalletSign", Permission.SIGN, 2, params -> shapes.of(
                wallet.sign(pool.key(reader.address(params, 0)), params.bytes(1, "bytes"))));
        method(table, "WalletSignMessage", Permission.SIGN, 2, params -> {
            FilAddress key = pool.key(reader.address(params, 0));
            Message message = reader.message(params, 1);
            return shapes.of(new SignedMessage(message, wallet.sign(key, message.signingBytes())));
        });
        method(table, "WalletVerify", Permission.READ, 3, params -> {
            Signature signature = params.as(2, "signature", shapes.mapper(), Signature.class);
            return shapes.of(Signatures.verify(signature, reader.address(params, 0), params.bytes(1, "bytes")));
        });
        method(table, "WalletExport", Permission.ADMIN, 1, params ->
                shapes.of(wallet.export(reader.address(params, 0))));
        method(table, "WalletImport", Permission.ADMIN, 1,
                params -> address(wallet.importKey(params.as(0, "key", shapes.mapper(), KeyInfo.class))));
        method(table, "WalletDelete", Permission.ADMIN, 1, params -> {
            wallet.delete(reader.address(params, 0));
            return shapes.of(null);
        });
        method(table, "WalletValidateAddress", Permission.READ, 1, params -> address(reader.address(params, 0)));
    }

    private FilAddress keyOrSame(Params params) {
        FilAddress address = reader.address(params, 0);
        return address.isId() ? pool.key(address) : address;
    }

    private JsonNode address(FilAddress address) {
        return shapes.of(shapes.address(address));
    }

    private static void method(MethodTable table, String name, Permission permission, int params,
            ChainCalls.Call call) {
        table.register("Filecoin." + name, RpcMethod.of(permission, params, (given, context) -> call.answer(given)));
    }
}
