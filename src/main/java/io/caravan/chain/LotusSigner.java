package io.caravan.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.crypto.CryptoException;
import io.caravan.crypto.Signer;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;
import io.caravan.rpc.RpcClient;
import java.util.Base64;

/** Signs with the keys in the chain node's wallet ({@code chain.signer=lotus}); the token must permit signing. */
public final class LotusSigner implements Signer {

    private final ChainRpc rpc;

    public LotusSigner(RpcClient client) {
        this.rpc = new NodeRpc(client);
    }

    @Override
    public Signature sign(FilAddress address, byte[] message) {
        try {
            JsonNode json = rpc.call("WalletSign", address.toString(), Base64.getEncoder().encodeToString(message));
            return new Signature(SignatureType.ofCode((int) ChainJson.number(ChainJson.field(json, "Type"))),
                    ChainJson.bytes(ChainJson.field(json, "Data")));
        } catch (ChainRefusedException e) {
            throw new CryptoException("the chain node does not sign for " + address + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean has(FilAddress address) {
        return rpc.call("WalletHas", address.toString()).asBoolean();
    }
}
