package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the CAR that a client brings to a miner, and says what to propose for it. */
@Command(name = "gen-car", description = {"Make the CAR file of a file, to be carried to a miner, and print the piece that it is.",
    "The file is imported into the daemon too, which stays ready to send it."},
        footer = {"", "Example: ./caravan gen-car data.bin /media/disk/data.car"})
final class GenCarVerb extends Verb {

    /** 64 GiB on a slow machine. */
    private static final Duration PATIENCE = Duration.ofHours(4);

    @Parameters(index = "0", paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "OUT", description = "Where the CAR goes; one that is there is replaced.")
    private Path out = Path.of("");

    @Option(names = "--car", description = "The file is a CAR with one root already; it is written anew in the usual order.")
    private boolean car;

    @Override
    public Integer call() {
        Path source = file.toAbsolutePath().normalize();
        Path target = out.toAbsolutePath().normalize();
        if (!Files.isRegularFile(source)) {
            throw new CliException(CliException.FIX_INPUT, "there is no file " + source);
        }
        if (target.getParent() == null || !Files.isDirectory(target.getParent())) {
            throw new CliException(CliException.FIX_INPUT, "there is no folder for " + target);
        }
        try (RunningRole daemon = daemon()) {
            Map<String, Object> ref = Map.of("Path", source.toString(), "IsCAR", car);
            JsonNode root = daemon.call(PATIENCE, "ClientImport", ref).path("Root");
            daemon.call(PATIENCE, "ClientGenCar", ref, target.toString());
            JsonNode piece = daemon.call(PATIENCE, "ClientDealPieceCID", root);
            long padded = piece.path("PieceSize").asLong();
            var value = object().put("payloadCid", cid(root)).put("pieceCid", cid(piece.path("PieceCID")))
                    .put("payloadSize", piece.path("PayloadSize").asLong()).put("pieceSize", padded).put("car", target.toString());
            return answer(value, """
                    payload %s
                    piece   %s
                    size    %s as CAR, %d bytes as piece
                    Propose it with: ./caravan deal MINER %s --manual --piece-cid %s --piece-size %d
                    """.formatted(cid(root), cid(piece.path("PieceCID")), Show.size(piece.path("PayloadSize").asLong()), padded,
                    cid(root), cid(piece.path("PieceCID")), padded));
        }
    }
}
