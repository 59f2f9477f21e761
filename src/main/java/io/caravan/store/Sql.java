package io.caravan.store;

import io.caravan.model.FatalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs the statements that lie in {@code sql/<table>/<verb>.sql} on the class path, one statement a file. A parameter
 * that the file does not name, or that the caller left out, is refused. Failures come out as the phases know them: the
 * server away, busy or restarting is retryable, everything else fatal, told apart by SQLSTATE and never by text.
 */
public final class Sql {

    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*--.*$\\R?");
    private static final Pattern NAME = Pattern.compile("(?<!:):([a-z_]+)");

    private record Statement(String text, Set<String> names) {}

    /**
     * One of several statements that travel together.
     *
     * @param row maps what it finds; of a statement that writes it is never asked
     */
    record Part<T>(String file, Map<String, ?> parameters, RowMapper<T> row) {

        static Part<Void> write(String file, Map<String, ?> parameters) {
            return new Part<>(file, parameters, (row, number) -> null);
        }
    }

    /** What one of them did: how many rows it wrote, or what it found. */
    record Done(int written, List<Object> found) {

        <T> Optional<T> one(Class<T> type) {
            return found.stream().findFirst().map(type::cast);
        }
    }

    private final JdbcTemplate template;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Map<String, Statement> statements = new ConcurrentHashMap<>();

    public Sql(DataSource source) {
        this.template = new JdbcTemplate(source);
        this.jdbc = JdbcClient.create(template);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(source));
    }

    /** Every row, mapped. {@code file} is {@code table/verb}. */
    public <T> List<T> list(String file, Map<String, ?> parameters, RowMapper<T> row) {
        return mapped(file, () -> statement(file, parameters).query(row).list());
    }

    /** The row of a statement that finds one or none. */
    public <T> Optional<T> one(String file, Map<String, ?> parameters, RowMapper<T> row) {
        List<T> found = list(file, parameters, row);
        if (found.size() > 1) {
            throw new FatalException("sql/" + file + ".sql found " + found.size() + " rows where one is possible");
        }
        return found.stream().findFirst();
    }

    /** Runs a statement that writes; how many rows it wrote. */
    public int write(String file, Map<String, ?> parameters) {
        return mapped(file, () -> statement(file, parameters).update());
    }

    /**
     * Runs statements one after the other by one trip to the server: each sees what was committed while the one before waited.
     * For transactions that hold what others wait for.
     */
    List<Done> together(List<Part<?>> parts) {
        return mapped(parts.get(0).file(), () -> {
            StringBuilder text = new StringBuilder();
            List<Object> values = new ArrayList<>();
            for (Part<?> part : parts) {
                MapSqlParameterSource named = new MapSqlParameterSource(values(part.file(), part.parameters()));
                ParsedSql parsed = NamedParameterUtils.parseSqlStatement(statements.get(part.file()).text);
                text.append(text.isEmpty() ? "" : ";\n").append(NamedParameterUtils.substituteNamedParameters(parsed, named));
                values.addAll(Arrays.asList(NamedParameterUtils.buildValueArray(parsed, named, null)));
            }
            return template.execute(text.toString(), (PreparedStatementCallback<List<Done>>) call -> {
                new ArgumentPreparedStatementSetter(values.toArray()).setValues(call);
                return results(call, parts);
            });
        });
    }

    private static List<Done> results(PreparedStatement call, List<Part<?>> parts) throws SQLException {
        List<Done> all = new ArrayList<>();
        boolean isRows = call.execute();
        for (Part<?> part : parts) {
            List<Object> found = new ArrayList<>();
            if (isRows) {
                try (ResultSet rows = call.getResultSet()) {
                    while (rows.next()) {
                        found.add(part.row().mapRow(rows, found.size()));
                    }
                }
            }
            all.add(new Done(isRows ? 0 : call.getUpdateCount(), found));
            isRows = call.getMoreResults();
        }
        return all;
    }

    /** All or nothing; joins the transaction that the thread is in already. */
    public <T> T inTransaction(Supplier<T> work) {
        return mapped("transaction", () -> {
            T result = transactions.execute(status -> work.get());
            if (result == null) {
                throw new IllegalStateException("a transaction returned nothing");
            }
            return result;
        });
    }

    private JdbcClient.StatementSpec statement(String file, Map<String, ?> parameters) {
        Map<String, @Nullable Object> values = values(file, parameters);
        return jdbc.sql(statements.get(file).text).params(values);
    }

    private Map<String, @Nullable Object> values(String file, Map<String, ?> parameters) {
        Statement statement = statements.computeIfAbsent(file, Sql::load);
        if (!statement.names.equals(parameters.keySet())) {
            throw new IllegalArgumentException("sql/" + file + ".sql takes " + statement.names + ", was given "
                    + parameters.keySet());
        }
        Map<String, @Nullable Object> values = new HashMap<>();
        parameters.forEach((name, value) -> values.put(name, jdbcValue(value)));
        return values;
    }

    private static @Nullable Object jdbcValue(@Nullable Object value) {
        return value instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : value;
    }

    private static Statement load(String file) {
        String path = "/sql/" + file + ".sql";
        try (InputStream in = Sql.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no " + path.substring(1) + " on the class path");
            }
            String text = COMMENT.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8)).replaceAll("");
            Set<String> names = new LinkedHashSet<>();
            Matcher matcher = NAME.matcher(text);
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
            return new Statement(text.strip(), names);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + path.substring(1), e);
        }
    }

    private static <T> T mapped(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (DataAccessException | TransactionException e) {
            throw SqlState.translate(what, e);
        }
    }
}
