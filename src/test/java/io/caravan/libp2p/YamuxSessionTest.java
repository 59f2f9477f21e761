package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamuxSessionTest {

    private static final String OPEN_1 = "000100010000000100000000";
    private static final String ACK_1 = "000100020000000100000000";
    private static final String PROTOCOL_ERROR = "000300000000000000000001";
    private static final int WINDOW = 256 * 1024;

    /** Counts what is allocated, so that a leak shows at once. */
    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    private final AtomicLong windows = new AtomicLong();
    private final List<Heard> accepted = new ArrayList<>();
    private final YamuxSession session = session(false);
    private final EmbeddedChannel channel = channel(session);

    private boolean refusing;
    private String closed = "";

    /** What a stream's receiver was told. */
    private static final class Heard implements Receiver {

        private final YamuxStream stream;
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private boolean ended;
        private StreamResetException failure;

        Heard(YamuxStream stream) {
            this.stream = stream;
            stream.receiver(this);
        }

        @Override
        public void data(ByteBuf lent) {
            data.writeBytes(ByteBufUtil.getBytes(lent));
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void failed(StreamResetException why) {
            failure = why;
        }
    }

    private YamuxSession session(boolean client) {
        return new YamuxSession(client, Limits.DEFAULT, Deadlines.DEFAULT,
                new WindowBudget(windows, Limits.DEFAULT.windows()), new YamuxSession.Owner() {
                    @Override
                    public boolean accept(YamuxStream stream) {
                        if (refusing) {
                            return false;
                        }
                        accepted.add(new Heard(stream));
                        return true;
                    }

                    @Override
                    public void closed(String why) {
                        closed = why;
                    }
                });
    }

    private EmbeddedChannel channel(YamuxSession handler) {
        EmbeddedChannel made = new EmbeddedChannel();
        made.config().setAllocator(alloc);
        made.pipeline().addLast(handler);
        made.runPendingTasks();
        sent(made);
        return made;
    }

    @AfterEach
    void leavesNothingBehind() {
        channel.close();
        channel.runPendingTasks();
        sent(channel);
        assertThat(alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory()).isZero();
        assertThat(windows).hasValue(0);
        assertThat(session.streamCount()).isZero();
    }

    private void receive(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    private String sent() {
        return sent(channel);
    }

    private static String sent(EmbeddedChannel from) {
        StringBuilder hex = new StringBuilder();
        for (ByteBuf out = from.readOutbound(); out != null; out = from.readOutbound()) {
            hex.append(ByteBufUtil.hexDump(out));
            out.release();
        }
        return hex.toString();
    }

    private static String frame(int type, int flags, int id, long length) {
        return String.format("00%02x%04x%08x%08x", type, flags, id, length);
    }

    @Test
    void acknowledgesAStreamAtOnce() {
        receive(OPEN_1);
        assertThat(sent()).isEqualTo(ACK_1);
        assertThat(accepted).hasSize(1);
        assertThat(windows).hasValue(WINDOW);
    }

    @Test
    void readsAStreamWhereverItIsCut() {
        String all = frame(0, 1, 1, 5) + "68656c6c6f" + frame(0, 0, 1, 3) + "616263" + frame(0, 6, 1, 0)
                + frame(2, 1, 0, 7);
        byte[] bytes = ByteBufUtil.decodeHexDump(all);
        for (int cut = 0; cut <= bytes.length; cut++) {
            accepted.clear();
            EmbeddedChannel one = channel(session(false));
            one.writeInbound(Unpooled.copiedBuffer(bytes, 0, cut));
            one.writeInbound(Unpooled.copiedBuffer(bytes, cut, bytes.length - cut));
            assertThat(accepted.get(0).data).hasToString("helloabc");
            assertThat(accepted.get(0).ended).isTrue();
            assertThat(sent(one)).isEqualTo(ACK_1 + "000200020000000000000007");
            one.close();
            sent(one);
        }
    }

    @Test
    void tellsAResetWithItsCode() {
        receive(OPEN_1 + "000100080000000100001002");
        assertThat(accepted.get(0).failure.code()).isEqualTo(0x1002);
        assertThat(session.streamCount()).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "00000001000000010004000100, more than the window with the first frame",
        "0000000100000001ffffffff00, four gibibytes declared",
        "00000000000000090fffffff00, more than any window for a stream nobody knows",
        "000100010000000200000000, an even id from a client",
        "000100010000000000000000, stream 0",
        "000000000000000000000001, data for stream 0",
        "000100010000000100000000000100010000000100000000, the same stream twice",
        "0001000100000001000000000001000000000001ffffffff0001000000000001ffffffff, a window beyond 2^32",
        "0001000100000001000000000000000400000001000000000000000000000001000000016100, data after the end",
        "010100010000000100000000, another version",
        "000900000000000000000000, another type",
        "000200010000000100000001, a ping on a stream",
        "000200030000000000000001, a ping that asks and answers",
    })
    void endsTheConnectionOfAPeerThatBreaksTheRules(String wire, String rule) {
        receive(wire);
        assertThat(sent()).as(rule).endsWith(PROTOCOL_ERROR);
        assertThat(channel.isOpen()).as(rule).isFalse();
        assertThat(closed).isNotEmpty();
        accepted.forEach(heard -> assertThat(heard.failure).isNotNull());
    }

    @Test
    void allocatesNothingForADeclaredLength() {
        receive(OPEN_1);
        sent();
        long before = alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory();
        receive(frame(0, 0, 1, WINDOW));
        assertThat(alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory()).isEqualTo(before);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void passesOverWhatIsForStreamsThatAreGone() {
        receive(frame(0, 0, 77, 100_000));
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[100_000]));
        receive(frame(1, 0, 77, 5) + frame(1, 8, 77, 0) + frame(1, 4, 77, 0) + OPEN_1);
        assertThat(sent()).isEqualTo(ACK_1);
        assertThat(accepted).hasSize(1);
    }

    @Test
    void grantsWhatWasConsumedAndNothingBefore() {
        receive(OPEN_1 + frame(0, 0, 1, WINDOW));
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[WINDOW]));
        sent();
        YamuxStream stream = accepted.get(0).stream;
        stream.consumed(WINDOW / 2 - 1);
        assertThat(sent()).isEmpty();
        stream.consumed(1);
        assertThat(sent()).isEqualTo(frame(1, 0, 1, WINDOW / 2));
        receive(frame(0, 0, 1, WINDOW / 2 + 1));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void refusesMoreStreamsThanAConnectionMayHave() {
        for (int i = 0; i < 128; i++) {
            receive(frame(1, 1, 2 * i + 1, 0));
        }
        sent();
        receive(frame(1, 1, 1001, 0));
        assertThat(sent()).isEqualTo("00010008000003e900001002");
        assertThat(session.streamCount()).isEqualTo(128);
    }

    @Test
    void staysFlatUnderAFloodOfStreams() {
        refusing = true;
        for (int round = 0; round < 100; round++) {
            StringBuilder thousand = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                thousand.append(frame(1, 1, 2 * (1000 * round + i) + 1, 0));
            }
            receive(thousand.toString());
            sent();
            assertThat(session.streamCount()).isZero();
        }
        assertThat(session.streamCount()).isZero();
        assertThat(windows).hasValue(0);
    }

    @Test
    void closesWhenThePeerMakesUsAnswerAndDoesNotRead() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        refusing = true;
        for (int i = 0; i < 600 && channel.isOpen(); i++) {
            receive(frame(1, 1, 2 * i + 1, 0));
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void queuesFewPongsForAPeerThatDoesNotRead() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        for (int i = 0; i < 10_000; i++) {
            receive(frame(2, 1, 0, i));
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(sent().length() / 24).isLessThanOrEqualTo(64);
    }

    @Test
    void takesAPongThatNobodyAskedForCalmly() {
        receive(frame(2, 2, 0, 4711) + OPEN_1);
        assertThat(sent()).isEqualTo(ACK_1);
    }

    @Test
    void endsEverythingWithAGoodbye() {
        receive(OPEN_1 + "000300000000000000000000");
        assertThat(channel.isOpen()).isFalse();
        assertThat(accepted.get(0).failure).isNotNull();
    }

    @Test
    void sendsWithinTheCreditAndTheEndBehindTheLastByte() {
        YamuxSession client = session(true);
        EmbeddedChannel wire = channel(client);
        YamuxStream stream = client.open();
        byte[] data = new byte[WINDOW + 10];
        new Random(1).nextBytes(data);
        stream.say(Unpooled.wrappedBuffer(data));
        stream.finish();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String first = sent(wire);
        assertThat(first).startsWith(OPEN_1);
        assertThat(collect(first, body)).isEmpty();
        assertThat(body.size()).isEqualTo(WINDOW);
        wire.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(frame(1, 0, 1, 10))));
        assertThat(collect(sent(wire), body)).isEqualTo("F");
        assertThat(body.toByteArray()).isEqualTo(data);
        assertThat(client.streamCount()).isEqualTo(1);
        wire.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(frame(1, 4, 1, 0))));
        assertThat(client.streamCount()).isZero();
        wire.close();
        sent(wire);
    }

    @Test
    void tellsAPeerToStopThatSendsOnAfterWeClosed() {
        channel.freezeTime();
        receive(OPEN_1);
        YamuxStream stream = accepted.get(0).stream;
        stream.finish();
        new Lingering(stream, Duration.ofSeconds(60).toNanos()).start();
        receive(frame(0, 0, 1, 3) + "616263");
        sent();
        channel.advanceTimeBy(11, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(sent()).contains(frame(1, 8, 1, 0));
        assertThat(session.streamCount()).isZero();
    }

    @Test
    void doesNotHoldAStreamForAPeerThatNeverEnds() {
        channel.freezeTime();
        receive(OPEN_1);
        YamuxStream stream = accepted.get(0).stream;
        stream.finish();
        new Lingering(stream, Duration.ofSeconds(60).toNanos()).start();
        sent();
        channel.advanceTimeBy(59, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(session.streamCount()).isEqualTo(1);
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(session.streamCount()).isZero();
    }

    /** Bodies into {@code body}; returns an F for each FIN frame, and fails on a FIN that shares a frame with data. */
    private static String collect(String hex, ByteArrayOutputStream body) {
        ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        StringBuilder ends = new StringBuilder();
        while (in.isReadable()) {
            in.readByte();
            int type = in.readByte();
            int flags = in.readUnsignedShort();
            in.readInt();
            int length = in.readInt();
            if (type == 0) {
                assertThat(flags).isZero();
                assertThat(length).isBetween(1, YamuxFrame.MAX_BODY);
                body.writeBytes(ByteBufUtil.getBytes(in.readSlice(length)));
            } else if (flags == 4) {
                ends.append('F');
            }
        }
        return ends.toString();
    }

    @Test
    void survivesRandomFrames() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            EmbeddedChannel one = channel(session(false));
            for (int i = 0; i < 60 && one.isOpen(); i++) {
                byte[] body = new byte[random.nextInt(40)];
                String wire = frame(random.nextInt(random.nextInt(20) == 0 ? 256 : 4), random.nextInt(16),
                        random.nextInt(8),
                        random.nextInt(10) == 0 ? random.nextInt() & 0xffffffffL : body.length)
                                + ByteBufUtil.hexDump(body);
                one.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(wire)));
                sent(one);
            }
            one.close();
            sent(one);
            assertThat(windows.get()).as("seed %d", seed).isZero();
        }
        accepted.clear();
    }
}
