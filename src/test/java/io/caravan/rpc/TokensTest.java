package io.caravan.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final String READ = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJBbGxvdyI6WyJyZWFkIl19."
            + "sXFiRUD8QSYN1mA0HHgLIiTKzpIywraVeM7ewzgrKS0";
    private static final String ALL = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
            + "eyJBbGxvdyI6WyJyZWFkIiwid3JpdGUiLCJzaWduIiwiYWRtaW4iXX0.ScTxuA6m2BpsCtdfXy_I_7HbNccLJyZSqcZaYgw6eAA";

    private final Tokens tokens = Tokens.ofSecret(new byte[32]);

    @Test
    void issuesTheTokensOfTheReferenceImplementation() {
        assertThat(tokens.issue(List.of(Permission.READ))).isEqualTo(READ);
        assertThat(tokens.issue(Permission.all())).isEqualTo(ALL);
    }

    @Test
    void readsTheRightsOfItsOwnTokens() {
        assertThat(tokens.verify(ALL)).isEqualTo(Permission.all());
        for (Permission permission : Permission.values()) {
            assertThat(tokens.verify(tokens.issue(List.of(permission)))).containsExactly(permission);
        }
    }

    @Test
    void refusesATokenOfAnotherSecret() {
        byte[] other = new byte[32];
        other[31] = 1;
        String token = Tokens.ofSecret(other).issue(Permission.all());
        assertThatIllegalArgumentException().isThrownBy(() -> tokens.verify(token))
                .withMessage("JWT Verification failed: not signed by this node");
    }

    @Test
    void refusesATokenCutAnywhereOrChangedAnywhere() {
        for (int length = 0; length < ALL.length(); length++) {
            String cut = ALL.substring(0, length);
            assertThatThrownBy(() -> tokens.verify(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            int at = random.nextInt(ALL.length() - 1);
            char other = (char) ('!' + random.nextInt(90));
            if (ALL.charAt(at) == other) {
                continue;
            }
            String changed = ALL.substring(0, at) + other + ALL.substring(at + 1);
            assertThatThrownBy(() -> tokens.verify(changed)).as("seed %d: %s", seed, changed)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesAnOverlongTokenWithoutLookingAtIt() {
        assertThatIllegalArgumentException().isThrownBy(() -> tokens.verify("a".repeat(1 << 20)))
                .withMessageContaining("longer than 4096");
    }

    @Test
    void refusesAShortSecret() {
        assertThatIllegalArgumentException().isThrownBy(() -> Tokens.ofSecret(new byte[31]));
    }
}
