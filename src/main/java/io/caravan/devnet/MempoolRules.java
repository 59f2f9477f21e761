package io.caravan.devnet;

import io.caravan.chain.Message;
import io.caravan.chain.SignedMessage;
import io.caravan.crypto.CryptoException;
import io.caravan.crypto.Signatures;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.RpcException;
import java.util.List;
import java.util.Optional;

/** Whether the mempool takes a message, and Lotus's words where it does not (chain-and-rpc §5.1). */
final class MempoolRules {

    private static final int MAX_SIZE = 64 << 10;
    private static final int MAX_GAP = 4;
    private static final int MAX_PENDING = 1000;
    private static final TokenAmount MIN_FEE_CAP = TokenAmount.ofAtto(100);

    private MempoolRules() {
    }

    /**
     * @param state the state after the head's own messages
     * @throws RpcException with the reason
     */
    static void check(SignedMessage signed, State state, Mempool pool) {
        Message message = signed.message();
        checkForm(signed);
        checkSignature(signed);
        Actor sender = state.actor(message.from()).orElseThrow(
                () -> new RpcException("failed to get sender " + message.from() + ": actor not found"));
        if (message.nonce() < sender.nonce()) {
            throw new RpcException("minimum expected nonce is " + sender.nonce() + ", got " + message.nonce()
                    + ": message nonce too low");
        }
        checkFunds(message, sender, pool);
        if (message.nonce() > pool.nextNonce(message.from(), sender.nonce()) + MAX_GAP) {
            throw new RpcException("message nonce has too big a gap from expected nonce " + sender.nonce());
        }
        Optional<SignedMessage> rival = pool.find(message.from(), message.nonce());
        if (rival.isEmpty()) {
            refuseIf(pool.of(message.from()).size() >= MAX_PENDING, "too many pending messages for actor "
                    + message.from());
        } else if (!rival.get().equals(signed)) {
            TokenAmount least = rival.get().message().gasPremium().timesRatio(110, 100).plus(TokenAmount.ofAtto(1));
            refuseIf(message.gasPremium().isLessThan(least), "message from " + message.from() + " with nonce "
                    + message.nonce() + " already in mpool: replace by fee has too low GasPremium (needs "
                    + least.atto() + ")");
        }
    }

    private static void checkForm(SignedMessage signed) {
        Message message = signed.message();
        refuseIf(signed.toCbor().length > MAX_SIZE, "mpool message too large (" + signed.toCbor()
                .length + "B): message too big");
        refuseIf(message.version() != 0, "'Version' unsupported");
        refuseIf(!message.from().isKey(), "'From' address must be a key address");
        refuseIf(message.value().isNegative(), "'Value' field cannot be negative");
        refuseIf(message.value().isMoreThan(Rules.maxFil()),
                "'Value' field cannot be greater than total filecoin supply");
        refuseIf(message.gasLimit() < Gas.MESSAGE, "'GasLimit' field is too low");
        refuseIf(message.gasLimit() > Gas.BLOCK_LIMIT, "'GasLimit' field cannot be greater than a block's gas limit");
        refuseIf(message.gasFeeCap().isLessThan(MIN_FEE_CAP), "'GasFeeCap' too low: minimum is " + MIN_FEE_CAP.atto());
        refuseIf(message.gasPremium().isNegative() || message.gasPremium().isMoreThan(message.gasFeeCap()),
                "'GasFeeCap' less than 'GasPremium'");
        refuseIf(message.to().protocol() == FilAddress.BLS && isZeroBls(message.to()), "invalid 'To' address");
    }

    private static void checkSignature(SignedMessage signed) {
        boolean isSigned;
        try {
            isSigned = Signatures.verify(signed.signature(), signed.message().from(), signed.message().signingBytes());
        } catch (CryptoException e) {
            isSigned = false;
        }
        refuseIf(!isSigned, "signature verification failed: invalid signature");
    }

    private static void checkFunds(Message message, Actor sender, Mempool pool) {
        TokenAmount needed = message.requiredFunds();
        refuseIf(sender.balance().isLessThan(needed), "mpool push: not enough funds: " + sender.balance().atto() + " < "
                + needed.atto());
        List<SignedMessage> earlier = pool.of(message.from()).stream()
                .filter(other -> other.message().nonce() < message.nonce()).toList();
        for (SignedMessage other : earlier) {
            needed = needed.plus(other.message().requiredFunds());
        }
        refuseIf(sender.balance().isLessThan(needed), "not enough funds including pending messages (required: "
                + needed.atto() + ", balance: " + sender.balance()
                .atto() + "): not enough funds to execute transaction");
    }

    private static boolean isZeroBls(FilAddress address) {
        byte[] payload = address.payload().toArray();
        for (int i = 1; i < payload.length; i++) {
            if (payload[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static void refuseIf(boolean isWrong, String sentence) {
        if (isWrong) {
            throw new RpcException(sentence);
        }
    }
}
