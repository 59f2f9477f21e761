package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.Message;
import io.caravan.chain.Methods;
import io.caravan.chain.SignedMessage;
import io.caravan.chain.WithdrawBalanceParams;
import io.caravan.codec.Bytes;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code Filecoin.Market*} of a full node: escrow top-ups and reservations from the devnet's wallet (chain-and-rpc
 * §5.2). Reservations live in memory, as tools that use them are short-lived.
 */
final class FundCalls {

    private final LiveChain chain;
    private final Shapes shapes;
    private final Reader reader;
    private final PoolCalls pool;
    // Guarded by itself: reserved amounts by actor id, and the top-up under way.
    private final Map<Long, TokenAmount> reserved = new HashMap<>();
    private final Map<Long, TokenAmount> underWay = new HashMap<>();
    private final Map<Long, SignedMessage> topUps = new HashMap<>();

    FundCalls(LiveChain chain, Shapes shapes, PoolCalls pool) {
        this.chain = chain;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
        this.pool = pool;
    }

    void register(MethodTable table) {
        sign(table, "MarketAddBalance", 3, params -> shapes.of(
                addBalance(reader.address(params, 0), reader.address(params, 1), reader.amount(params, 2)).cid()));
        sign(table, "MarketWithdraw", 3, params -> shapes.of(withdraw(reader.address(params, 0),
                reader.address(params, 1),
                reader.amount(params, 2)).cid()));
        sign(table, "MarketReserveFunds", 3, this::reserve);
        sign(table, "MarketReleaseFunds", 2, params -> {
            synchronized (reserved) {
                long id = id(reader.address(params, 0));
                reserved.merge(id, reader.amount(params, 1), (have, back) -> have.minus(back).max(TokenAmount.ZERO));
            }
            return shapes.of(null);
        });
        sign(table, "MarketGetReserved", 1, params -> {
            synchronized (reserved) {
                return shapes.of(reserved.getOrDefault(id(reader.address(params, 0)), TokenAmount.ZERO).toAttoString());
            }
        });
    }

    private SignedMessage addBalance(FilAddress wallet, FilAddress address, TokenAmount amount) {
        return pool.send(Message.of(wallet, Methods.MARKET, amount, Methods.MARKET_ADD_BALANCE,
                Bytes.wrap(new AddBalanceParams(address).toCbor())));
    }

    private SignedMessage withdraw(FilAddress wallet, FilAddress address, TokenAmount amount) {
        synchronized (reserved) {
            long id = id(address);
            TokenAmount free = state().escrow(id).available().minus(reserved.getOrDefault(id, TokenAmount.ZERO));
            if (free.isLessThan(amount)) {
                throw new RpcException("withdraw more than available balance: " + amount.atto() + " > " + free.atto());
            }
        }
        return pool.send(Message.of(wallet, Methods.MARKET, TokenAmount.ZERO, Methods.MARKET_WITHDRAW_BALANCE,
                Bytes.wrap(new WithdrawBalanceParams(address, amount).toCbor())));
    }

    private JsonNode reserve(Params params) {
        FilAddress address = reader.address(params, 1);
        synchronized (reserved) {
            long id = id(address);
            TokenAmount total = reserved.getOrDefault(id, TokenAmount.ZERO).plus(reader.amount(params, 2));
            TokenAmount lacking = total.minus(state().escrow(id).available()).minus(onItsWay(id));
            JsonNode answer = shapes.of(null);
            if (lacking.isMoreThan(TokenAmount.ZERO)) {
                SignedMessage message = addBalance(reader.address(params, 0), address, lacking);
                topUps.put(id, message);
                underWay.put(id, onItsWay(id).plus(lacking));
                answer = shapes.of(message.cid());
            }
            reserved.put(id, total);
            return answer;
        }
    }

    /** What top-ups still in the mempool will add. */
    private TokenAmount onItsWay(long id) {
        SignedMessage last = topUps.get(id);
        if (last == null || chain.view().carrying(last.cid()).isPresent()) {
            topUps.remove(id);
            underWay.remove(id);
            return TokenAmount.ZERO;
        }
        return underWay.getOrDefault(id, TokenAmount.ZERO);
    }

    private State state() {
        return BlockMaker.stateAfter(chain.view().head());
    }

    private long id(FilAddress address) {
        return reader.id(state(), address);
    }

    private static void sign(MethodTable table, String name, int params, ChainCalls.Call call) {
        table.register("Filecoin." + name, RpcMethod.of(Permission.SIGN, params, (given, context) ->
                call.answer(given)));
    }
}
