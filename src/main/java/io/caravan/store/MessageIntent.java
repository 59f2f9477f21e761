package io.caravan.store;

import io.caravan.codec.Bytes;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;

/**
 * A chain message that has to be sent once.
 *
 * @param key names the need, e.g. {@code publish/bafy…}; a second intent with the same key is the same message
 * @param sender the key address or actor that signs
 * @param params CBOR
 * @param note what it is for, in words
 */
public record MessageIntent(String key, FilAddress sender, FilAddress receiver, long method, TokenAmount value,
        Bytes params, String note) {}
