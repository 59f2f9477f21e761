package io.caravan.sealing;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;

/**
 * A sector that is sealed: what its files must hold.
 *
 * @param ticket 32 bytes, drawn before sealing
 * @param commD commitment of the data
 * @param commR commitment of the replica
 */
public record Replica(SectorRef sector, Bytes ticket, Cid commD, Cid commR) {}
