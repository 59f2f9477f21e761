package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.crypto.AeadProvider;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of an accepted connection to a multiplexed one, with a peer that is scripted byte by byte. */
class UpgradeTest {

    private static final String YAMUX = "/yamux/1.0.0";
    private static final String OPEN_1 = "000100010000000100000000";

    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final NoiseXX peer =
            new NoiseXX(AeadProvider.jdk(), true, NoiseXX.Pair.of(secret(1)), NoiseXX.Pair.of(secret(2)),
            new byte[0]);
    private PeerId met;
    private final CompletableFuture<Void> done = begin();
    private NoiseCipher out;
    private NoiseCipher in;

    private static byte[] secret(int n) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) n);
        return bytes;
    }

    private CompletableFuture<Void> begin() {
        channel.config().setAllocator(alloc);
        channel.freezeTime();
        Upgrade upgrade = new Upgrade(Keys.key(9), AeadProvider.jdk(), new SecureRandom(), Runnable::run,
                Duration.ofSeconds(10));
        CompletableFuture<Void> future = upgrade.begin(channel, true, null, (ready, who) -> {
            met = who;
            return new YamuxSession(false, Limits.DEFAULT, Deadlines.DEFAULT,
                    new WindowBudget(new AtomicLong(), Limits.DEFAULT.windows()), new YamuxSession.Owner() {
                        @Override
                        public boolean accept(YamuxStream stream) {
                            return true;
                        }

                        @Override
                        public void closed(String why) {
                            // Nothing to do.
                        }
                    });
        });
        channel.runPendingTasks();
        return future;
    }

    @AfterEach
    void leavesNothingBehind() {
        channel.close();
        channel.runPendingTasks();
        receive();
        assertThat(alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory()).isZero();
    }

    private void send(byte[] bytes) {
        channel.writeOneInbound(Unpooled.wrappedBuffer(bytes));
        if (channel.isOpen()) {
            channel.flushInbound();
        }
        channel.runPendingTasks();
    }

    private void sendInPieces(byte[] bytes, int size) {
        for (int at = 0; at < bytes.length; at += size) {
            send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
        }
    }

    private byte[] receive() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf one = channel.readOutbound(); one != null; one = channel.readOutbound()) {
            all.writeBytes(one);
            one.release();
        }
        return ByteBufUtil.getBytes(all);
    }

    private static byte[] tokens(String... words) {
        ByteBuf buffer = Unpooled.buffer();
        for (String word : words) {
            MssTokens.write(buffer, word);
        }
        return ByteBufUtil.getBytes(buffer);
    }

    private static byte[] framed(byte[] message) {
        return ByteBufUtil.getBytes(Unpooled.buffer().writeShort(message.length).writeBytes(message));
    }

    private void shakeHands(List<String> muxers, int pieces) {
        sendInPieces(tokens(MssTokens.HEADER, "/tls/1.0.0", "/noise"), pieces);
        assertThat(receive()).isEqualTo(tokens(MssTokens.HEADER, "na", "/noise"));
        sendInPieces(framed(peer.write(new byte[0])), pieces);
        byte[] second = receive();
        NoisePayload theirs =
                NoisePayload.verified(peer.read(Arrays.copyOfRange(second, 2, second.length)), peer.remoteStatic());
        assertThat(PeerId.of(theirs.identity())).isEqualTo(Keys.peer(9));
        byte[] payload = NoisePayload.encode(Keys.key(1), NoiseXX.Pair.of(secret(1)).shared(), muxers);
        sendInPieces(framed(peer.write(payload)), pieces);
        out = peer.sender();
        in = peer.receiver();
    }

    private byte[] sealed(byte[] plain) {
        byte[] record = new byte[plain.length + 16];
        out.seal(new byte[0], plain, 0, plain.length, record, 0);
        return framed(record);
    }

    private String opened() {
        ByteBuf records = Unpooled.wrappedBuffer(receive());
        StringBuilder plain = new StringBuilder();
        while (records.isReadable()) {
            byte[] record = ByteBufUtil.getBytes(records.readSlice(records.readUnsignedShort()));
            byte[] open = new byte[record.length];
            int n = in.open(new byte[0], record, 0, record.length, open, 0);
            plain.append(ByteBufUtil.hexDump(open, 0, n));
        }
        return plain.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void multiplexesAtOnceWithAPeerThatNamesItsMuxersEarly(int pieces) {
        shakeHands(List.of("/mplex/6.7.0", YAMUX), pieces);
        assertThat(done).isCompleted();
        assertThat(met).isEqualTo(Keys.peer(1));
        sendInPieces(sealed(ByteBufUtil.decodeHexDump(OPEN_1)), pieces);
        assertThat(opened()).contains("000100020000000100000000");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 1000})
    void negotiatesTheMuxerWithAPeerThatDoesNot(int pieces) {
        shakeHands(List.of(), pieces);
        assertThat(done).isNotDone();
        assertThat(opened()).isEqualTo(ByteBufUtil.hexDump(tokens(MssTokens.HEADER)));
        // The first frame stands in the same record as the word that decides.
        byte[] both = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(tokens(MssTokens.HEADER, "/mplex/6.7.0", YAMUX),
                ByteBufUtil.decodeHexDump(OPEN_1)));
        sendInPieces(sealed(both), pieces);
        assertThat(done).isCompleted();
        assertThat(opened()).startsWith(ByteBufUtil.hexDump(tokens("na", YAMUX))).contains("000100020000000100000000");
    }

    @Test
    void takesDataInTheSameBytesAsTheLastHandshakeMessage() {
        send(tokens(MssTokens.HEADER, "/noise"));
        receive();
        send(framed(peer.write(new byte[0])));
        byte[] second = receive();
        peer.read(Arrays.copyOfRange(second, 2, second.length));
        byte[] last = framed(peer
                .write(NoisePayload.encode(Keys.key(1), NoiseXX.Pair.of(secret(1)).shared(), List.of(YAMUX))));
        out = peer.sender();
        in = peer.receiver();
        byte[] empty = sealed(new byte[0]);
        byte[] data = sealed(ByteBufUtil.decodeHexDump(OPEN_1));
        send(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(last, empty, data)));
        assertThat(opened()).contains("000100020000000100000000");
    }

    @Test
    void doesNotWaitForEverForAPeerThatTrickles() {
        byte[] words = tokens(MssTokens.HEADER, "/x", "/y", "/z");
        for (int second = 0; second < 11 && channel.isOpen(); second++) {
            send(new byte[] {words[second]});
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        assertThat(channel.isOpen()).isFalse();
        assertThat(done).isCompletedExceptionally();
    }

    @Test
    void closesOnAHandshakeMessageThatIsTooLong() {
        send(tokens(MssTokens.HEADER, "/noise"));
        send(new byte[] {(byte) 0xff, (byte) 0xff});
        assertThat(channel.isOpen()).isFalse();
        assertThat(done).isCompletedExceptionally();
    }

    @Test
    void closesOnAForgedRecord() {
        shakeHands(List.of(YAMUX), 1000);
        byte[] record = sealed(ByteBufUtil.decodeHexDump(OPEN_1));
        record[5] ^= 1;
        send(record);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void closesOnARecordShorterThanItsTag() {
        shakeHands(List.of(YAMUX), 1000);
        send(framed(new byte[15]));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void closesOnAPeerThatSpeaksSomethingElse() {
        send(("GET / HTTP/1.1\r\nHost: x\r\n" + "X: y\r\n".repeat(20)).getBytes(StandardCharsets.US_ASCII));
        assertThat(channel.isOpen()).isFalse();
        assertThat(done).isCompletedExceptionally();
    }
}
