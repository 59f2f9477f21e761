package io.caravan.node.net;

import io.caravan.chain.Chain;
import io.caravan.chain.TipSet;
import io.caravan.libp2p.Multiaddr;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether a daemon can make deals and follow them: its chain, its wallet and its host. It looks and dials nobody. */
public final class DaemonHealth {


    private final Chain chain;
    private final Supplier<List<Multiaddr>> listening;
    private final Supplier<Optional<FilAddress>> wallet;
    private final HeadAge headAge;

    /**
     * Where it looks.
     *
     * @param listening the addresses of the libp2p host
     */
    public record Tools(Chain chain, Supplier<List<Multiaddr>> listening) {}

    /**
     * @param wallet the one that pays unless a deal names another
     */
    public DaemonHealth(Tools tools, Supplier<Optional<FilAddress>> wallet, Clock clock) {
        this.chain = tools.chain();
        this.listening = tools.listening();
        this.wallet = wallet;
        this.headAge = new HeadAge(chain, clock);
    }

    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(chainAnswers());
        findings.add(walletPays());
        findings.add(hostListens());
        return findings;
    }

    private Finding chainAnswers() {
        String check = "the chain answers";
        try {
            TipSet head = chain.head();
            Duration age = headAge.of(head);
            return headAge.isTooMuch(age)
                    ? Finding.fail("NODE-01", check, "the chain's head is %d s old".formatted(age.toSeconds()),
                            "see that the chain node of chain.url is in sync")
                    : Finding.ok("NODE-01", check, "head at epoch " + head.epoch());
        } catch (RuntimeException e) {
            return Finding.fail("NODE-01", check, "the chain does not answer: " + e.getMessage(),
                    "see that the chain node of chain.url runs");
        }
    }

    private Finding walletPays() {
        String check = "the default wallet can pay";
        Optional<FilAddress> address = wallet.get();
        if (address.isEmpty()) {
            return Finding.warn("NODE-02", check, "there is no default wallet", "make one by ./caravan wallet new");
        }
        try {
            TokenAmount has = chain.walletBalance(address.get());
            return has.isZero()
                    ? Finding.warn("NODE-02", check, "wallet " + address.get() + " holds nothing", "send it some FIL")
                    : Finding.ok("NODE-02", check, "wallet " + address.get() + " holds " + has);
        } catch (RuntimeException e) {
            return Finding.skipped("NODE-02", check, String.valueOf(e.getMessage()));
        }
    }

    private Finding hostListens() {
        String check = "the libp2p host listens";
        List<Multiaddr> addresses = listening.get();
        return addresses.isEmpty() ? Finding.warn("NODE-03", check, "it has no address", "look in the log why it does not listen")
                : Finding.ok("NODE-03", check, addresses.get(0).toString());
    }
}
