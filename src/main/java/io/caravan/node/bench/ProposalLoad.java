package io.caravan.node.bench;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.FilKey;
import io.caravan.crypto.KeyType;
import io.caravan.crypto.PrivKey;
import io.caravan.crypto.Signatures;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.market.AnswerVerifier;
import io.caravan.market.DealClient;
import io.caravan.market.MarketDeadlines;
import io.caravan.market.ProposalMessage;
import io.caravan.market.ProposalResponse;
import io.caravan.model.DataRef;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Signature;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that propose deals at a fixed rate, whether or not the miner keeps up: a proposal's time runs from the moment at
 * which it was due, so waiting in a queue counts.
 */
final class ProposalLoad implements AutoCloseable {

    private static final int HOSTS = 10;
    private static final long DURATION = 518_400;

    private final PeerId peer;
    private final List<Multiaddr> addresses;
    private final FilAddress miner;
    private final TokenAmount collateral;
    private final Epoch head;
    private final FilKey key;
    private final SecureRandom random = new SecureRandom();
    private final List<Host> hosts = new ArrayList<>();
    private final List<DealClient> clients = new ArrayList<>();

    /**
     * @param worker whose signature the answers must carry
     * @param collateral what each proposal asks the miner to put up
     */
    ProposalLoad(PeerId peer, List<Multiaddr> addresses, FilAddress miner, FilAddress worker, TokenAmount collateral, Epoch head) {
        this.peer = peer;
        this.addresses = addresses;
        this.miner = miner;
        this.collateral = collateral;
        this.head = head;
        this.key = FilKey.generate(KeyType.SECP256K1, random);
        AnswerVerifier verifier = new WorkerCheck(worker);
        for (int i = 0; i < HOSTS; i++) {
            Host host = Host.builder().key(PrivKey.generate(random)).clock(Clock.systemUTC()).agent("caravan-bench").start();
            hosts.add(host);
            clients.add(new DealClient(host, verifier, MarketDeadlines.DEFAULT));
        }
    }

    /**
     * What was accepted and how soon, and what was not and why.
     *
     * @param cpu seconds of a processor that this process took meanwhile, the miner and the devnet with it
     * @param clientCpu those of them that the clients' calls took: bytes out and in, the answer's signature checked
     */
    record Outcome(Latencies accepted, List<String> refused, double cpu, double clientCpu) {}

    /** Sends that many a second for that long and waits for every answer. */
    Outcome run(int aSecond, int seconds) throws InterruptedException {
        List<ProposalMessage> proposals = new ArrayList<>();
        for (int i = 0; i < aSecond * seconds; i++) {
            proposals.add(proposal());
        }
        Queue<Double> millis = new ConcurrentLinkedQueue<>();
        Queue<String> refused = new ConcurrentLinkedQueue<>();
        AtomicLong clientNanos = new AtomicLong();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = processNanos();
        CountDownLatch answered = new CountDownLatch(proposals.size());
        ExecutorService senders = Executors.newCachedThreadPool();
        ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
        try {
            long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
            for (int i = 0; i < proposals.size(); i++) {
                long due = start + i * TimeUnit.SECONDS.toNanos(1) / aSecond;
                DealClient client = clients.get(i % HOSTS);
                ProposalMessage proposal = proposals.get(i);
                beat.schedule(() -> senders.execute(() -> {
                    long begun = threads.getCurrentThreadCpuTime();
                    send(client, proposal, due, millis, refused);
                    clientNanos.addAndGet(threads.getCurrentThreadCpuTime() - begun);
                    answered.countDown();
                }), due - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            answered.await(seconds + 120L, TimeUnit.SECONDS);
        } finally {
            beat.shutdownNow();
            senders.shutdownNow();
        }
        return new Outcome(new Latencies(millis.stream().mapToDouble(Double::doubleValue).toArray()), List.copyOf(refused),
                (processNanos() - before) / 1e9, clientNanos.get() / 1e9);
    }

    private static long processNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    private void send(DealClient client, ProposalMessage proposal, long due, Queue<Double> millis, Queue<String> refused) {
        try {
            ProposalResponse answer = client.propose(peer, addresses, proposal).response();
            if (answer.state() == DealState.WAITING_FOR_DATA) {
                millis.add((System.nanoTime() - due) / 1e6);
            } else {
                refused.add(answer.state() + ": " + answer.message());
            }
        } catch (RuntimeException e) {
            refused.add(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** A deal of its own: another piece each time. */
    ProposalMessage proposal() {
        byte[] commitment = new byte[32];
        random.nextBytes(commitment);
        commitment[31] &= 0x3f;
        Cid root = Cid.rawSha256(commitment);
        Epoch start = head.plus(25_000);
        DealProposal terms = new DealProposal(Cid.commP(commitment), PaddedPieceSize.of(2048), false, key.address(), miner,
                DealLabel.ofText(root.toString()), start, start.plus(DURATION), TokenAmount.ZERO, collateral, TokenAmount.ZERO);
        return new ProposalMessage(DataRef.graphsync(root), new SignedProposal(terms, key.sign(terms.toCbor())), false);
    }

    @Override
    public void close() {
        hosts.forEach(Host::close);
    }

    /** The worker's key does not change while the benchmark runs. */
    private record WorkerCheck(FilAddress worker) implements AnswerVerifier {

        @Override
        public boolean isByWorker(FilAddress miner, Bytes signed, Signature signature) {
            return Signatures.verify(signature, worker, signed.toArray());
        }

        @Override
        public boolean isBy(FilAddress account, Bytes signed, Signature signature) {
            return Signatures.verify(signature, account, signed.toArray());
        }
    }
}
