package io.caravan.devnet;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;

/**
 * When a proven sector has to be proven again, and when it was.
 *
 * @param proven the opening epoch of the deadline it was last proven in, −1 before the first
 * @param isRecovering its miner says that the faulty sector will be in the next proof
 */
record SectorDuty(long deadline, long partition, long proven, boolean isRecovering) {

    static SectorDuty of(long deadline, long partition) {
        return new SectorDuty(deadline, partition, -1, false);
    }

    SectorDuty provenAt(long open) {
        return new SectorDuty(deadline, partition, open, false);
    }

    SectorDuty recovering(boolean isPromised) {
        return new SectorDuty(deadline, partition, proven, isPromised);
    }

    void writeTo(CborWriter out) {
        out.array(4).uint(deadline).uint(partition).integer(proven).bool(isRecovering);
    }

    static SectorDuty readFrom(CborReader in) {
        in.tuple(4);
        return new SectorDuty(in.uint(), in.uint(), in.integer(), in.bool());
    }
}
