package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.Chain;
import io.caravan.chain.Message;
import io.caravan.chain.SignedMessage;
import io.caravan.crypto.CryptoException;
import io.caravan.crypto.KeyInfo;
import io.caravan.crypto.KeyType;
import io.caravan.crypto.Signatures;
import io.caravan.crypto.Wallet;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import org.jspecify.annotations.Nullable;

/** The daemon's keys and what they hold: Wallet*. */
public final class WalletApi {
    private final ApiJson json;
    private final Wallet wallet;
    private final Chain chain;

    public WalletApi(ApiJson json, Wallet wallet, Chain chain) {
        this.json = json;
        this.wallet = wallet;
        this.chain = chain;
    }

    public void register(MethodTable methods) {
        methods.register("Filecoin.WalletNew", RpcMethod.of(Permission.WRITE, 1, this::create));
        methods.register("Filecoin.WalletList", RpcMethod.of(Permission.WRITE, 0, this::list));
        methods.register("Filecoin.WalletHas", RpcMethod.of(Permission.WRITE, 1,
                (params, context) -> wallet.has(key(ApiJson.address(params, 0, "address")))));
        methods.register("Filecoin.WalletBalance", RpcMethod.read(1,
                (params, context) -> chain.walletBalance(ApiJson.address(params, 0, "address"))));
        methods.register("Filecoin.WalletDefaultAddress", RpcMethod.of(Permission.WRITE, 0, this::defaultAddress));
        methods.register("Filecoin.WalletSetDefault", RpcMethod.of(Permission.WRITE, 1, this::setDefault));
        methods.register("Filecoin.WalletSign", RpcMethod.of(Permission.SIGN, 2, this::sign));
        methods.register("Filecoin.WalletSignMessage", RpcMethod.of(Permission.SIGN, 2, this::signMessage));
        methods.register("Filecoin.WalletVerify", RpcMethod.read(3, this::verify));
        methods.register("Filecoin.WalletExport", RpcMethod.of(Permission.ADMIN, 1,
                (params, context) -> wallet.export(held(ApiJson.address(params, 0, "address")))));
        methods.register("Filecoin.WalletImport", RpcMethod.of(Permission.ADMIN, 1, this::importKey));
        methods.register("Filecoin.WalletDelete", RpcMethod.of(Permission.ADMIN, 1, this::delete));
        methods.register("Filecoin.WalletValidateAddress", RpcMethod.read(1,
                (params, context) -> json.address(FilAddress.parse(params.text(0, "address")))));
    }

    private Object create(Params params, CallContext context) {
        JsonNode type = params.node(0);
        KeyType wanted = type.isIntegralNumber() ? ofDeprecated(params, type.asInt())
                : params.parsed(0, "key type", node -> KeyType.ofName(params.text(0, "key type")));
        if (!wanted.isWallet()) {
            throw params.wrong(0, "key type", "secp256k1 or bls");
        }
        return json.address(wallet.generate(wanted));
    }

    private static KeyType ofDeprecated(Params params, int code) {
        return switch (code) {
            case 1 -> KeyType.SECP256K1;
            case 2 -> KeyType.BLS;
            default -> throw params.wrong(0, "key type", "secp256k1 or bls");
        };
    }

    private Object list(Params params, CallContext context) {
        return wallet.list().stream().map(json::address).toList();
    }

    private Object defaultAddress(Params params, CallContext context) {
        return wallet.defaultAddress().map(json::address).orElseThrow(() -> new RpcException(
                "failed to get default key: this wallet has no key yet, make one with WalletNew"));
    }

    private @Nullable Object setDefault(Params params, CallContext context) {
        wallet.setDefault(held(ApiJson.address(params, 0, "address")));
        return null;
    }

    private Signature sign(Params params, CallContext context) {
        return wallet.sign(held(ApiJson.address(params, 0, "address")), params.bytes(1, "bytes to sign"));
    }

    private Object signMessage(Params params, CallContext context) {
        FilAddress signer = held(ApiJson.address(params, 0, "address"));
        params.object(1, "message");
        Message message = params.as(1, "message", json.mapper(), Message.class);
        return json.tree(new SignedMessage(message, wallet.sign(signer, message.signingBytes())));
    }

    private Object verify(Params params, CallContext context) {
        FilAddress signer = ApiJson.address(params, 0, "address");
        params.object(2, "signature");
        return Signatures.verify(params.as(2, "signature", json.mapper(), Signature.class), signer,
                params.bytes(1, "signed bytes"));
    }

    private Object importKey(Params params, CallContext context) {
        params.object(0, "key info");
        KeyInfo key = params.as(0, "key info", json.mapper(), KeyInfo.class);
        if (!key.type().isWallet()) {
            throw params.wrong(0, "key info", "a secp256k1 or bls key");
        }
        return json.address(wallet.importKey(key));
    }

    private @Nullable Object delete(Params params, CallContext context) {
        wallet.delete(held(ApiJson.address(params, 0, "address")));
        return null;
    }

    /** The key address behind an ID address, if the chain knows it. */
    private FilAddress key(FilAddress address) {
        return address.isKey() ? address : chain.accountKey(address);
    }

    private FilAddress held(FilAddress address) {
        FilAddress key = key(address);
        if (!wallet.has(key)) {
            throw new CryptoException("key not found: this wallet has no key for " + json.address(address));
        }
        return key;
    }
}
