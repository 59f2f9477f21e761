package io.caravan.piece;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Fr32Test {
    @Test
    void expandsThePublishedQuad() {
        byte[] in = new byte[127];
        for (int i = 0; i < 127; i++) {
            in[i] = (byte) (i + 1);
        }
        assertThat(hex(expand(in))).isEqualTo("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
                + "84888c9094989ca0a4a8acb0b4b8bcc0c4c8ccd0d4d8dce0e4e8ecf0f4f8fc00"
                + "142434445464748494a4b4c4d4e4f404152535455565758595a5b5c5d5e5f505"
                + "5898d8185999d9195a9ada1a5b9bdb1b5c9cdc1c5d9ddd1d5e9ede1e5f9fdf1f");
    }

    @Test
    void leavesTheTwoTopBitsOfEachElementZero() {
        byte[] in = new byte[127];
        Arrays.fill(in, (byte) 0xff);
        assertThat(hex(expand(in))).isEqualTo(("ff".repeat(31) + "3f").repeat(4));
    }

    @Test
    void expandsAsTheByteFormulaSays() {
        byte[] in = new byte[127 * 3];
        new Random(1).nextBytes(in);
        byte[] out = new byte[128 * 3];
        Fr32.expand(in, 0, out, 0, 3);
        for (int q = 0; q < 3; q++) {
            assertThat(Arrays.copyOfRange(out, q * 128, q * 128 + 128))
                    .isEqualTo(byFormula(Arrays.copyOfRange(in, q * 127, q * 127 + 127)));
        }
    }

    @Test
    void restoresWhatItExpanded() {
        byte[] in = new byte[127 * 50];
        new Random(2).nextBytes(in);
        byte[] padded = new byte[128 * 50];
        Fr32.expand(in, 0, padded, 0, 50);
        byte[] back = new byte[in.length];
        Fr32.restore(padded, 0, back, 0, 50);
        assertThat(back).isEqualTo(in);
    }

    private static byte[] expand(byte[] in) {
        byte[] out = new byte[128];
        Fr32.expand(in, 0, out, 0, 1);
        return out;
    }

    private static byte[] byFormula(byte[] in) {
        int[] v = new int[128];
        for (int i = 0; i < 127; i++) {
            v[i] = in[i] & 0xff;
        }
        byte[] out = new byte[128];
        for (int i = 0; i < 32; i++) {
            out[i] = (byte) v[i];
            out[32 + i] = (byte) (v[31 + i] >> 6 | v[32 + i] << 2);
            out[64 + i] = (byte) (v[63 + i] >> 4 | v[64 + i] << 4);
            out[96 + i] = i == 31 ? (byte) (v[126] >> 2) : (byte) (v[95 + i] >> 2 | v[96 + i] << 6);
        }
        for (int i = 31; i < 96; i += 32) {
            out[i] &= 0x3f;
        }
        return out;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
