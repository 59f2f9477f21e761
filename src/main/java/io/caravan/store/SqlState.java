package io.caravan.store;

import io.caravan.model.FatalException;
import io.caravan.model.PhaseException;
import io.caravan.model.RetryableException;
import io.caravan.model.WaitsOn;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/** What PostgreSQL's error classes mean for a phase. */
final class SqlState {

    /** Connection gone, transaction rolled back by the server, out of resources, an operator's intervention. */
    private static final Set<String> RETRYABLE = Set.of("08", "40", "53", "57");

    private SqlState() {}

    static PhaseException translate(String what, Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLTransientException || at instanceof CannotGetJdbcConnectionException
                    || at instanceof CannotCreateTransactionException) {
                return retryable(what, failure);
            }
            if (at instanceof SQLException sql && sql.getSQLState() != null) {
                return RETRYABLE.contains(sql.getSQLState().substring(0, 2))
                        ? retryable(what, failure)
                        : new FatalException("the database refused " + what + ": " + sql.getMessage(), failure);
            }
        }
        return new FatalException("the database could not run " + what + ": " + failure.getMessage(), failure);
    }

    private static PhaseException retryable(String what, Throwable failure) {
        return new RetryableException(WaitsOn.NODE, "the database was not there for " + what, failure);
    }
}
