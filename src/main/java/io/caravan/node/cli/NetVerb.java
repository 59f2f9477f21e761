package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.crypto.CryptoException;
import io.caravan.libp2p.PeerId;
import io.caravan.node.IdentityFile;
import io.caravan.model.TokenAmount;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** A role's place in the network. */
@Command(name = "net", description = "Our libp2p identity and addresses, and what the chain says of them.",
        subcommands = {NetVerb.Id.class, NetVerb.Peers.class, NetVerb.PublishAddrs.class, NetVerb.ExportKey.class, NetVerb.ImportKey.class, NetListVerb.Block.class, NetListVerb.Allow.class})
final class NetVerb extends Verb {

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what: id, peers, publish-addrs, block, allow, export-key or import-key");
    }

    /** A verb that is about one role. */
    abstract static class OfRole extends Verb {
        @Option(names = "--role", paramLabel = "ROLE", defaultValue = "miner", description = "miner or daemon (default: ${DEFAULT-VALUE}).")
        private String role = "miner";

        protected String role() {
            if (!role.equals("miner") && !role.equals("daemon")) {
                throw new CliException(CliException.FIX_INPUT, "there is no role '" + role + "' with an identity: there are miner and daemon");
            }
            return role;
        }

        protected RunningRole running() {
            return RunningRole.of(home(), role());
        }

        /** Does it, telling what is wrong with a key in one sentence. */
        protected static PeerId tried(Supplier<PeerId> work) {
            try {
                return work.get();
            } catch (CryptoException e) {
                throw new CliException(CliException.FIX_INPUT, e.getMessage());
            }
        }
    }

    @Command(name = "id", description = "Show our peer id and where we listen.")
    static final class Id extends OfRole {
        @Override
        public Integer call() {
            try (RunningRole running = running()) {
                JsonNode self = running.call("NetAddrsListen");
                StringBuilder text = new StringBuilder(self.path("ID").asText());
                self.path("Addrs").forEach(address -> text.append('\n').append(address.asText()).append("/p2p/").append(self.path("ID").asText()));
                return answer(self, text.toString());
            }
        }
    }

    @Command(name = "peers", description = "Show who is connected.")
    static final class Peers extends OfRole {
        @Override
        public Integer call() {
            try (RunningRole running = running()) {
                JsonNode peers = running.call("NetPeers");
                Table table = new Table("PEER", "ADDRESS");
                peers.forEach(peer -> table.row(peer.path("ID").asText(), peer.path("Addrs").path(0).asText("")));
                return answer(peers, peers.isEmpty() ? "nobody is connected" : table.toString());
            }
        }
    }

    @Command(name = "publish-addrs", description = "Tell the chain the miner's peer id and addresses, where it says something else.",
            footer = {"", "Example: ./caravan net publish-addrs --max-fee 0.05FIL"})
    static final class PublishAddrs extends Verb {
        @Option(names = "--max-fee", paramLabel = "AMOUNT", defaultValue = "",
                description = "Most that one message may cost in fees (default: miner.identity.max-fee).")
        private String maxFee = "";

        @Override
        public Integer call() {
            try (RunningRole miner = miner()) {
                JsonNode sent = miner.call("Caravan.NetPublishAddrs", maxFee.isEmpty() ? null : atto());
                StringBuilder text = new StringBuilder(sent.isEmpty() ? "the chain has them already" : "sent; daemons find the miner when they are on chain:");
                sent.forEach(message -> text.append('\n').append(cid(message)));
                return answer(sent, text.toString());
            }
        }

        private String atto() {
            try {
                return TokenAmount.parse(maxFee).toAttoString();
            } catch (IllegalArgumentException e) {
                throw new CliException(CliException.FIX_INPUT, "--max-fee: " + e.getMessage());
            }
        }
    }

    @Command(name = "export-key", description = "Write a role's identity to a file, to carry it to another machine. Keep it secret.")
    static final class ExportKey extends OfRole {
        @Parameters(paramLabel = "FILE", description = "A file that does not exist yet.")
        private Path file = Path.of("");

        @Override
        public Integer call() {
            String peer = tried(() -> IdentityFile.exported(home(), role(), file)).toString();
            return answer(object().put("peer", peer).put("file", file.toString()), "the identity of peer %s is in %s: keep it secret".formatted(peer, file));
        }
    }

    @Command(name = "import-key", description = "Give a role the identity of a file. Stop the role first; its own identity is kept beside.")
    static final class ImportKey extends OfRole {
        @Parameters(paramLabel = "FILE", description = "What export-key wrote, or Lotus' libp2p-host.")
        private Path file = Path.of("");

        @Override
        public Integer call() {
            String peer = tried(() -> IdentityFile.imported(home(), role(), file)).toString();
            return answer(object().put("peer", peer), "the %s is peer %s from its next start on".formatted(role(), peer));
        }
    }
}
