package io.caravan.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AeadTest {

    private static final byte[] KEY = Bytes.ofHex("42".repeat(32)).toArray();

    static Stream<AeadProvider> providers() {
        return Stream.of(AeadProvider.jdk(), AeadProvider.ofThisMachine());
    }

    @ParameterizedTest
    @MethodSource("providers")
    void opensWhatItSealed(AeadProvider provider) {
        Aead sealing = provider.newAead(KEY);
        Aead opening = provider.newAead(KEY);
        byte[] plain = new byte[65535 - Aead.TAG_BYTES];
        new Random(1).nextBytes(plain);
        for (int counter = 0; counter < 20; counter++) {
            byte[] sealed = new byte[plain.length + Aead.TAG_BYTES + 3];
            sealing.seal(counter, new byte[0], plain, 0, plain.length, sealed, 3);
            byte[] opened = new byte[plain.length];
            assertThat(opening.open(counter, new byte[0], sealed, 3, sealed.length - 3, opened, 0)).isEqualTo(plain.length);
            assertThat(opened).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void worksInPlace(AeadProvider provider) {
        byte[] buffer = new byte[100];
        provider.newAead(KEY).seal(5, KEY, buffer, 10, 64, buffer, 10);
        assertThat(provider.newAead(KEY).open(5, KEY, buffer, 10, 80, buffer, 10)).isEqualTo(64);
        assertThat(Arrays.copyOfRange(buffer, 10, 74)).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesEverythingThatChanged(AeadProvider provider) {
        byte[] sealed = new byte[32 + Aead.TAG_BYTES];
        provider.newAead(KEY).seal(5, KEY, new byte[32], 0, 32, sealed, 0);
        Aead opening = provider.newAead(KEY);
        byte[] out = new byte[48];
        for (int at = 0; at < sealed.length; at++) {
            byte[] changed = sealed.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> opening.open(5, KEY, changed, 0, 48, out, 0)).isInstanceOf(CryptoException.class);
        }
        assertThatThrownBy(() -> opening.open(6, KEY, sealed, 0, 48, out, 0)).isInstanceOf(CryptoException.class);
        assertThatThrownBy(() -> opening.open(5, new byte[0], sealed, 0, 48, out, 0)).isInstanceOf(CryptoException.class);
        for (int length = 0; length < 48; length++) {
            int cut = length;
            assertThatThrownBy(() -> opening.open(5, KEY, sealed, 0, cut, out, 0)).isInstanceOf(CryptoException.class);
        }
        assertThat(provider.newAead(KEY).open(5, KEY, sealed, 0, 48, out, 0)).isEqualTo(32);
    }

    @Test
    void bothProvidersAgree() {
        byte[] ours = new byte[116];
        byte[] theirs = new byte[116];
        AeadProvider.jdk().newAead(KEY).seal(1L << 40, KEY, new byte[100], 0, 100, ours, 0);
        AeadProvider.ofThisMachine().newAead(KEY).seal(1L << 40, KEY, new byte[100], 0, 100, theirs, 0);
        assertThat(ours).isEqualTo(theirs);
        assertThatThrownBy(() -> AeadProvider.jdk().newAead(new byte[31])).isInstanceOf(CryptoException.class);
    }
}
