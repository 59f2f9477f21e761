package io.caravan.node.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Brings the data of an offline deal to the miner. */
@Command(name = "import-data", description = {"Give the miner the data of an offline deal: the CAR file that the client made.",
    "The file is copied and checked against the piece CID that the client signed; returns when the deal goes on."},
        footer = {"", "Example: ./caravan import-data bafyrei… /media/disk/data.car"})
final class ImportDataVerb extends Verb {

    /** 64 GiB from a slow disk. */
    private static final Duration PATIENCE = Duration.ofHours(4);

    @Parameters(index = "0", paramLabel = "PROPOSAL_CID", description = "The deal, which must wait for data.")
    private String proposalCid = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "The CAR file, on the miner's machine.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        Path path = file.toAbsolutePath().normalize();
        if (!Files.isRegularFile(path)) {
            throw new CliException(CliException.FIX_INPUT, "there is no file " + path);
        }
        try (RunningRole miner = miner()) {
            miner.call(PATIENCE, "MarketImportDealData", cid(proposalCid), path.toString());
            return answer(object().put("proposalCid", proposalCid).put("file", path.toString()), """
                    deal %s has its data
                    Follow it with: ./caravan show --miner %s
                    """.formatted(proposalCid, proposalCid));
        }
    }
}
