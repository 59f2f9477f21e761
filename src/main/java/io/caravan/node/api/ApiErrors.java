package io.caravan.node.api;

import io.caravan.chain.ChainRefusedException;
import io.caravan.deal.DealRefusedException;
import io.caravan.libp2p.Libp2pException;
import io.caravan.market.MarketException;
import io.caravan.model.OperationRefusedException;
import io.caravan.model.PhaseException;
import io.caravan.piece.BlockNotFoundException;
import io.caravan.piece.ImportChangedException;
import io.caravan.node.swap.RouteRefusedException;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.RpcException;
import io.caravan.sealing.UnsealRefusedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * What the failures of the lower packages mean to a caller: one sentence with code 1, the chain's own code for its
 * refusals.
 */
public final class ApiErrors implements MethodTable.ErrorTranslator {

    @Override
    public @Nullable RpcException translate(Throwable failure) {
        if (failure instanceof ChainRefusedException refused) {
            return new RpcException(refused.code(), sentence(refused), null, refused);
        }
        if (failure instanceof NoSuchFileException missing) {
            return new RpcException(1, "there is no file " + missing.getFile(), null, missing);
        }
        boolean isForeseen = failure instanceof PhaseException || failure instanceof OperationRefusedException
                || failure instanceof DealRefusedException || failure instanceof UnsealRefusedException
                || failure instanceof Libp2pException
                || failure instanceof MarketException || failure instanceof ImportChangedException
                || failure instanceof BlockNotFoundException || failure instanceof RouteRefusedException || failure instanceof FileSystemException;
        return isForeseen ? new RpcException(1, sentence(failure), null, failure) : null;
    }

    private static String sentence(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
