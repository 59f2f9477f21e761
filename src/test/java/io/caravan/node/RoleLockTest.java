package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoleLockTest {

    @TempDir
    Path folder;

    @Test
    void refusesASecondProcessOfTheRoleByItsNumber() throws Exception {
        NodeHome home = new NodeHome(folder);
        try (RoleLock first = RoleLock.take(home, "miner")) {
            assertThatThrownBy(() -> RoleLock.take(home, "miner")).isInstanceOf(StartException.class)
                    .hasMessageContaining("the miner of the home folder " + folder)
                    .hasMessageContaining("runs already, as process " + ProcessHandle.current().pid());
            assertThatCode(() -> RoleLock.take(home, "daemon").close()).doesNotThrowAnyException();
        }
    }

    @Test
    void isFreeWhenTheFirstIsGone() throws Exception {
        NodeHome home = new NodeHome(folder);
        RoleLock.take(home, "miner").close();
        assertThatCode(() -> RoleLock.take(home, "miner").close()).doesNotThrowAnyException();
    }
}
