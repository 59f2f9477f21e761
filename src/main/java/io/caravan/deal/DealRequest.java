package io.caravan.deal;

import io.caravan.model.DataRef;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants stored, where and for how much ({@code Filecoin.ClientStartDeal}).
 *
 * @param data the payload CID and how it travels; piece CID and size only if the caller knows them
 * @param wallet who pays and signs
 * @param pricePerEpoch attoFIL per epoch for the whole piece
 * @param minDuration epochs the deal lasts at least
 * @param providerCollateral attoFIL; null or zero for what is usual
 * @param startEpoch null or not positive for eight days from now
 */
public record DealRequest(DataRef data, FilAddress wallet, FilAddress miner, TokenAmount pricePerEpoch,
        long minDuration,
        @Nullable TokenAmount providerCollateral, @Nullable Epoch startEpoch, boolean fastRetrieval,
        boolean isVerified) {
}
