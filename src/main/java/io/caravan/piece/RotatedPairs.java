package io.caravan.piece;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Rotates vectors by the one instruction: for a JVM that compiles it so, from Java 19. */
final class RotatedPairs extends VectorPairs {

    @Override
    void rounds(int[] s, int t, int[] w, int row0, int row1, int k0, int k1, int lanes) {
        int slotA = slot(0, t);
        int slotB = slot(1, t);
        int slotC = slot(2, t);
        int slotD = slot(3, t);
        int slotE = slot(4, t);
        int slotF = slot(5, t);
        int slotG = slot(6, t);
        int slotH = slot(7, t);
        for (int q = 0; q < lanes; q += STEP) {
            IntVector a = IntVector.fromArray(WIDE, s, slotA + q);
            IntVector b = IntVector.fromArray(WIDE, s, slotB + q);
            IntVector c = IntVector.fromArray(WIDE, s, slotC + q);
            IntVector d = IntVector.fromArray(WIDE, s, slotD + q);
            IntVector e = IntVector.fromArray(WIDE, s, slotE + q);
            IntVector f = IntVector.fromArray(WIDE, s, slotF + q);
            IntVector g = IntVector.fromArray(WIDE, s, slotG + q);
            IntVector h = IntVector.fromArray(WIDE, s, slotH + q);
            IntVector sum1 = e.lanewise(VectorOperators.ROR, 6)
                    .lanewise(VectorOperators.XOR, e.lanewise(VectorOperators.ROR, 11))
                    .lanewise(VectorOperators.XOR, e.lanewise(VectorOperators.ROR, 25));
            IntVector t1 = h.add(IntVector.fromArray(WIDE, w, row0 + q)).add(k0).add(sum1)
                    .add(f.lanewise(VectorOperators.XOR, g).and(e).lanewise(VectorOperators.XOR, g));
            d = d.add(t1);
            IntVector sum0 = a.lanewise(VectorOperators.ROR, 2)
                    .lanewise(VectorOperators.XOR, a.lanewise(VectorOperators.ROR, 13))
                    .lanewise(VectorOperators.XOR, a.lanewise(VectorOperators.ROR, 22));
            h = t1.add(sum0).add(a.and(b).or(a.or(b).and(c)));
            IntVector sum1Next = d.lanewise(VectorOperators.ROR, 6)
                    .lanewise(VectorOperators.XOR, d.lanewise(VectorOperators.ROR, 11))
                    .lanewise(VectorOperators.XOR, d.lanewise(VectorOperators.ROR, 25));
            IntVector t1Next = g.add(IntVector.fromArray(WIDE, w, row1 + q)).add(k1).add(sum1Next)
                    .add(e.lanewise(VectorOperators.XOR, f).and(d).lanewise(VectorOperators.XOR, f));
            c = c.add(t1Next);
            IntVector sum0Next = h.lanewise(VectorOperators.ROR, 2)
                    .lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.ROR, 13))
                    .lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.ROR, 22));
            g = t1Next.add(sum0Next).add(h.and(a).or(h.or(a).and(b)));
            c.intoArray(s, slotC + q);
            d.intoArray(s, slotD + q);
            g.intoArray(s, slotG + q);
            h.intoArray(s, slotH + q);
        }
    }

    @Override
    void paddingRounds(int[] s, int t, int k0, int k1, int lanes) {
        int slotA = slot(0, t);
        int slotB = slot(1, t);
        int slotC = slot(2, t);
        int slotD = slot(3, t);
        int slotE = slot(4, t);
        int slotF = slot(5, t);
        int slotG = slot(6, t);
        int slotH = slot(7, t);
        for (int q = 0; q < lanes; q += STEP) {
            IntVector a = IntVector.fromArray(WIDE, s, slotA + q);
            IntVector b = IntVector.fromArray(WIDE, s, slotB + q);
            IntVector c = IntVector.fromArray(WIDE, s, slotC + q);
            IntVector d = IntVector.fromArray(WIDE, s, slotD + q);
            IntVector e = IntVector.fromArray(WIDE, s, slotE + q);
            IntVector f = IntVector.fromArray(WIDE, s, slotF + q);
            IntVector g = IntVector.fromArray(WIDE, s, slotG + q);
            IntVector h = IntVector.fromArray(WIDE, s, slotH + q);
            IntVector sum1 = e.lanewise(VectorOperators.ROR, 6)
                    .lanewise(VectorOperators.XOR, e.lanewise(VectorOperators.ROR, 11))
                    .lanewise(VectorOperators.XOR, e.lanewise(VectorOperators.ROR, 25));
            IntVector t1 = h.add(k0).add(sum1)
                    .add(f.lanewise(VectorOperators.XOR, g).and(e).lanewise(VectorOperators.XOR, g));
            d = d.add(t1);
            IntVector sum0 = a.lanewise(VectorOperators.ROR, 2)
                    .lanewise(VectorOperators.XOR, a.lanewise(VectorOperators.ROR, 13))
                    .lanewise(VectorOperators.XOR, a.lanewise(VectorOperators.ROR, 22));
            h = t1.add(sum0).add(a.and(b).or(a.or(b).and(c)));
            IntVector sum1Next = d.lanewise(VectorOperators.ROR, 6)
                    .lanewise(VectorOperators.XOR, d.lanewise(VectorOperators.ROR, 11))
                    .lanewise(VectorOperators.XOR, d.lanewise(VectorOperators.ROR, 25));
            IntVector t1Next = g.add(k1).add(sum1Next)
                    .add(e.lanewise(VectorOperators.XOR, f).and(d).lanewise(VectorOperators.XOR, f));
            c = c.add(t1Next);
            IntVector sum0Next = h.lanewise(VectorOperators.ROR, 2)
                    .lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.ROR, 13))
                    .lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.ROR, 22));
            g = t1Next.add(sum0Next).add(h.and(a).or(h.or(a).and(b)));
            c.intoArray(s, slotC + q);
            d.intoArray(s, slotD + q);
            g.intoArray(s, slotG + q);
            h.intoArray(s, slotH + q);
        }
    }

    @Override
    void schedule(int[] w, int at, int t, int lanes) {
        int row0 = at + row(t + 0);
        int row1 = at + row(t + 1);
        int row2 = at + row(t + 2);
        int row9 = at + row(t + 9);
        int row10 = at + row(t + 10);
        int row14 = at + row(t + 14);
        int row15 = at + row(t + 15);
        for (int q = 0; q < lanes; q += STEP) {
            IntVector x = IntVector.fromArray(WIDE, w, row1 + q);
            IntVector sigma0 = x.lanewise(VectorOperators.ROR, 7)
                    .lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.ROR, 18))
                    .lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 3));
            IntVector y = IntVector.fromArray(WIDE, w, row14 + q);
            IntVector sigma1 = y.lanewise(VectorOperators.ROR, 17)
                    .lanewise(VectorOperators.XOR, y.lanewise(VectorOperators.ROR, 19))
                    .lanewise(VectorOperators.XOR, y.lanewise(VectorOperators.LSHR, 10));
            IntVector.fromArray(WIDE, w, row0 + q).add(sigma0).add(IntVector.fromArray(WIDE, w, row9 + q))
                    .add(sigma1).intoArray(w, row0 + q);
            IntVector xNext = IntVector.fromArray(WIDE, w, row2 + q);
            IntVector sigma0Next = xNext.lanewise(VectorOperators.ROR, 7)
                    .lanewise(VectorOperators.XOR, xNext.lanewise(VectorOperators.ROR, 18))
                    .lanewise(VectorOperators.XOR, xNext.lanewise(VectorOperators.LSHR, 3));
            IntVector yNext = IntVector.fromArray(WIDE, w, row15 + q);
            IntVector sigma1Next = yNext.lanewise(VectorOperators.ROR, 17)
                    .lanewise(VectorOperators.XOR, yNext.lanewise(VectorOperators.ROR, 19))
                    .lanewise(VectorOperators.XOR, yNext.lanewise(VectorOperators.LSHR, 10));
            IntVector.fromArray(WIDE, w, row1 + q).add(sigma0Next).add(IntVector.fromArray(WIDE, w, row10 + q))
                    .add(sigma1Next).intoArray(w, row1 + q);
        }
    }
}
