package io.caravan.devnet;

import io.caravan.chain.BlockHeader;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.store.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The chain in PostgreSQL. Every method that changes something is one transaction: all of it or nothing survives a
 * kill.
 */
final class DevnetStore implements ChainView.Archive {

    /** What a row of the block table and its messages say; the states are put together by {@link StateLoader}. */
    private record BlockRow(long height, Cid cid, long salt, BlockHeader header) {
    }

    /** One changed row of the state. */
    record Entry(Draft.Change change, long height) {
    }

    private final DevnetSql sql = new DevnetSql();
    private final DataSource database;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    DevnetStore(DataSource database) {
        this.database = database;
        this.jdbc = JdbcClient.create(database);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(database));
    }

    /** Brings the tables to the present form; may be called twice without harm. */
    void migrate() {
        Schema.beside("sql/devnet/migration", "devnet_schema_history").apply(database);
    }

    /** The chain's first block, its state and the facts of its birth. */
    void begin(Block genesis, List<Draft.Change> changes, Bytes seed) {
        transaction.executeWithoutResult(status -> {
            putSetting("seed", seed);
            insert(genesis, changes);
        });
    }

    /** One more block; the messages leave the mempool. */
    void append(BlockMaker.Made made, List<Cid> leavePool) {
        transaction.executeWithoutResult(status -> {
            insert(made.block(), made.changes());
            leavePool.forEach(this::dropPooled);
        });
    }

    /** Takes back the blocks above a height, then adds others; messages of the old ones return to the mempool. */
    void reorg(long height, List<BlockMaker.Made> replacements, List<SignedMessage> toPool, List<Cid> leavePool) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql(sql.of("block/delete_above")).param("height", height).update();
            jdbc.sql(sql.of("state_entry/delete_above")).param("height", height).update();
            toPool.forEach(this::pool);
            replacements.forEach(made -> insert(made.block(), made.changes()));
            leavePool.forEach(this::dropPooled);
        });
    }

    /** Changes the state after the head; nothing names that state yet. */
    void amend(long height, List<Draft.Change> changes) {
        transaction.executeWithoutResult(status -> changes.forEach(change -> put(change, height)));
    }

    void pool(SignedMessage message) {
        jdbc.sql(sql.of("pool/put")).param("cid", message.cid().toString()).param("body", message.toCbor()).update();
    }

    /** Adds a message to the pool in place of another one. */
    void replacePooled(Cid old, SignedMessage message) {
        transaction.executeWithoutResult(status -> {
            dropPooled(old);
            pool(message);
        });
    }

    void dropPooled(Cid cid) {
        jdbc.sql(sql.of("pool/delete")).param("cid", cid.toString()).update();
    }

    List<SignedMessage> pooled() {
        return jdbc.sql(sql.of("pool/all")).query((row, number) -> SignedMessage.ofCbor(row.getBytes("body"))).list();
    }

    /** Forgets how the state was before this height. */
    void prune(long height) {
        jdbc.sql(sql.of("state_entry/prune")).param("height", height).update();
    }

    void putSetting(String name, Bytes value) {
        jdbc.sql(sql.of("setting/put")).param("name", name).param("value", value.toArray()).update();
    }

    Optional<Bytes> setting(String name) {
        return jdbc.sql(sql.of("setting/find")).param("name", name)
                .query((row, number) -> Bytes.wrap(row.getBytes("value"))).optional();
    }

    /** The youngest blocks with their messages, oldest first. */
    List<Block> lastBlocks(int limit) {
        List<Block> blocks = new ArrayList<>(jdbc.sql(sql.of("block/last")).param("limit", limit)
                .query((row, number) -> blockRow(row)).list().stream().map(this::withMessages).toList());
        Collections.reverse(blocks);
        return blocks;
    }

    /** Every change of the state, oldest first. */
    List<Entry> entries() {
        return jdbc.sql(sql.of("state_entry/all")).query((row, number) -> {
            byte[] value = row.getBytes("value");
            return new Entry(new Draft.Change(row.getInt("state_table"), Bytes.wrap(row.getBytes("key")),
                    value == null ? null : Bytes.wrap(value)), row.getLong("height"));
        }).list();
    }

    @Override
    public Optional<Block> floor(long height) {
        return jdbc.sql(sql.of("block/floor")).param("height", height).query((row, number) -> blockRow(row)).optional()
                .map(this::withMessages);
    }

    @Override
    public Optional<Block> byCid(Cid cid) {
        return jdbc.sql(sql.of("block/by_cid")).param("cid", cid.toString()).query((row, number) -> blockRow(row))
                .optional()
                .map(this::withMessages);
    }

    @Override
    public Optional<Long> heightOfMessage(Cid message) {
        return jdbc.sql(sql.of("message/height_of")).param("cid", message.toString()).query(Long.class).optional();
    }

    private void insert(Block block, List<Draft.Change> changes) {
        jdbc.sql(sql.of("block/insert")).param("height", block.height()).param("cid", block.cid().toString())
                .param("salt", block.salt()).param("header", block.header().toCbor()).update();
        for (int place = 0; place < block.messages().size(); place++) {
            SignedMessage message = block.messages().get(place);
            Vm.Outcome outcome = block.outcomes().get(place);
            jdbc.sql(sql.of("message/insert")).param("height", block.height()).param("place", place)
                    .param("cid", message.cid().toString()).param("inner_cid", message.message().cid().toString())
                    .param("body", message.toCbor()).param("receipt", outcome.receipt().toCbor())
                    .param("events", Event.bytesOf(outcome.events()).toArray()).update();
        }
        changes.forEach(change -> put(change, block.height()));
    }

    private void put(Draft.Change change, long height) {
        Bytes value = change.value();
        jdbc.sql(sql.of("state_entry/put")).param("state_table", change.table()).param("key", change.key().toArray())
                .param("height", height).param("value", value == null ? null : value.toArray(), Types.BINARY).update();
    }

    private static BlockRow blockRow(ResultSet row) throws SQLException {
        return new BlockRow(row.getLong("height"), Cid.parse(row.getString("cid")), row.getLong("salt"),
                BlockHeader.ofCbor(row.getBytes("header")));
    }

    private Block withMessages(BlockRow row) {
        List<SignedMessage> messages = new ArrayList<>();
        List<Vm.Outcome> outcomes = new ArrayList<>();
        jdbc.sql(sql.of("message/of_block")).param("height", row.height()).query(found -> {
            messages.add(SignedMessage.ofCbor(found.getBytes("body")));
            outcomes.add(new Vm.Outcome(MessageReceipt.ofCbor(found.getBytes("receipt")),
                    Event.listOf(Bytes.wrap(found.getBytes("events"))), List.of()));
        });
        return new Block(row.header(), row.cid(), row.salt(), messages, outcomes, null, null);
    }
}
