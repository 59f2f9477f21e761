package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a file known to the daemon; the file stays where it is and is read from there when a deal sends it. */
@Command(name = "import", description = "Import a file into the daemon, ready to be stored. The file must stay in place and unchanged.")
final class ImportVerb extends Verb {

    @Parameters(paramLabel = "FILE", description = "The file to import.")
    private Path file = Path.of("");

    @Option(names = "--car", description = "The file is a CARv1 with one root; use its blocks as they are.")
    private boolean car;

    @Override
    public Integer call() {
        Path path = file.toAbsolutePath().normalize();
        if (!Files.isRegularFile(path)) {
            throw new CliException(CliException.FIX_INPUT, "there is no file " + path);
        }
        try (RunningRole daemon = daemon()) {
            JsonNode imported = daemon.call("ClientImport", Map.of("Path", path.toString(), "IsCAR", car));
            JsonNode piece = daemon.call("ClientDealPieceCID", imported.get("Root"));
            var value = object().put("payloadCid", cid(imported.path("Root"))).put("importId", imported.path("ImportID").asLong())
                    .put("payloadSize", piece.path("PayloadSize").asLong()).put("pieceSize", piece.path("PieceSize").asLong())
                    .put("pieceCid", cid(piece.path("PieceCID")));
            return answer(value, """
                    payload %s
                    piece   %s
                    size    %s as CAR, %s as piece
                    Store it with: ./caravan deal MINER %s
                    """.formatted(cid(imported.path("Root")), cid(piece.path("PieceCID")),
                    Show.size(piece.path("PayloadSize").asLong()), Show.size(piece.path("PieceSize").asLong()),
                    cid(imported.path("Root"))));
        }
    }
}
