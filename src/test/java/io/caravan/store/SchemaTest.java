package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.support.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SchemaTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @Test
    void recognisesACurrentSchemaByTheStepsAsFlywayWroteThemDown() {
        Schema.Standing standing = Schema.ofRoles().standing(POSTGRES.database().dataSource());
        assertThat(standing.isCurrent()).isTrue();
        assertThat(standing.found()).isEqualTo(standing.wanted()).isGreaterThanOrEqualTo(28);
    }

    @Test
    void seesAnEmptyDatabaseAsOneThatHasEverythingBeforeIt() {
        try (Database empty = Database.bare(TestPostgres.empty(), "empty")) {
            Schema.Standing standing = Schema.ofRoles().standing(empty.dataSource());
            assertThat(standing.found()).isZero();
            assertThat(standing.isCurrent()).isFalse();
            assertThat(standing.isOlder()).isFalse();
        }
    }

    @Test
    void doesNotTouchTheDatabaseOfANewerProgram() throws SQLException {
        DatabaseAddress newer = TestPostgres.fresh();
        try (Database database = Database.bare(newer, "newer"); Connection connection = database.dataSource().getConnection()) {
            connection.createStatement().execute("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                    + " checksum, installed_by, execution_time, success) VALUES (999, '999', 'later', 'SQL', 'V999__later.sql', 1, 'x', 1, true)");
        }
        assertThatThrownBy(() -> Database.open(newer, "newer")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("step 999").hasMessageContaining("./caravan restore");
    }

    @Test
    void refusesAStepThatIsNotAsItWasShipped() throws SQLException {
        DatabaseAddress edited = TestPostgres.fresh();
        try (Database database = Database.bare(edited, "edited"); Connection connection = database.dataSource().getConnection()) {
            connection.createStatement().execute("UPDATE flyway_schema_history SET checksum = 7 WHERE version = '028'");
        }
        assertThatThrownBy(() -> Database.open(edited, "edited")).hasMessageContaining("028");
    }
}
