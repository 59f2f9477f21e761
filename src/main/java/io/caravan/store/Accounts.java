package io.caravan.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** People who may sign in, as rows. */
public final class Accounts {

    private final Sql sql;
    private final Clock clock;

    /**
     * One of them.
     *
     * @param password its hash, with salt and cost; never the password
     * @param rights such as {@code read,write}
     * @param madeBy the caller who made it
     * @param changedAt when the password was set
     */
    public record Account(String name, String password, String rights, String madeBy, Instant madeAt, Instant changedAt) {

        /** Does not show the hash. */
        @Override
        public String toString() {
            return "Account[" + name + "]";
        }
    }

    public Accounts(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** False if the name is taken; nothing changes then. */
    public boolean add(String name, String password, String rights, String by) {
        return sql.write("account/insert", Map.of("name", name, "password", password, "rights", rights, "by", by,
                "now", clock.instant())) > 0;
    }

    public Optional<Account> find(String name) {
        return sql.one("account/find", Map.of("name", name), Accounts::account);
    }

    /** By name. */
    public List<Account> list() {
        return sql.list("account/list", Map.of(), Accounts::account);
    }

    /** False if there is none of that name; its sessions end with it. */
    public boolean remove(String name) {
        return sql.write("account/remove", Map.of("name", name)) > 0;
    }

    /** Another password, which ends the sessions of the one before; false if there is no account of that name. */
    public boolean password(String name, String password) {
        return sql.inTransaction(() -> {
            sql.write("web_session/end-of-account", Map.of("account", name));
            return sql.write("account/password", Map.of("name", name, "password", password, "now", clock.instant())) > 0;
        });
    }

    private static Account account(ResultSet row, int number) throws SQLException {
        return new Account(row.getString("name"), row.getString("password"), row.getString("rights"), row.getString("made_by"),
                Rows.instant(row, "made_at"), Rows.instant(row, "changed_at"));
    }
}
