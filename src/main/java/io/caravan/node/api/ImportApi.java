package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.piece.CarFile;
import io.caravan.piece.CarLimits;
import io.caravan.piece.CommPStream;
import io.caravan.piece.DagCar;
import io.caravan.piece.ImportedFile;
import io.caravan.piece.PieceCommitment;
import io.caravan.piece.UnixFsLayout;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.ImportStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Files and pieces of the client: ClientImport, ClientListImports, ClientDealPieceCID, ClientCalcCommP and their kin.
 */
public final class ImportApi {
    private final ApiJson json;
    private final ImportFolder imports;
    private final Executor hashers;
    private final int lanes;

    /** @param hashers threads that compute commP, at most {@code lanes} at a time */
    public ImportApi(ApiJson json, ImportFolder imports, Executor hashers, int lanes) {
        this.json = json;
        this.imports = imports;
        this.hashers = hashers;
        this.lanes = lanes;
    }

    public void register(MethodTable methods) {
        methods.register("Filecoin.ClientImport", RpcMethod.of(Permission.ADMIN, 1, this::add));
        methods.register("Filecoin.ClientListImports", RpcMethod.of(Permission.WRITE, 0, this::list));
        methods.register("Filecoin.ClientRemoveImport", RpcMethod.of(Permission.ADMIN, 1, this::remove));
        methods.register("Filecoin.ClientHasLocal", RpcMethod.of(Permission.WRITE, 1,
                (params, context) -> imports.has(params.cid(0, "payload CID"))));
        methods.register("Filecoin.ClientGenCar", RpcMethod.of(Permission.WRITE, 2, this::genCar));
        methods.register("Filecoin.ClientCalcCommP", RpcMethod.of(Permission.WRITE, 1, this::calcCommP));
        methods.register("Filecoin.ClientDealSize", RpcMethod.read(1, (params, context) -> size(params)));
        methods.register("Filecoin.ClientDealPieceCID", RpcMethod.read(1, this::dealPieceCid));
    }

    private Object add(Params params, CallContext context) throws IOException {
        JsonNode ref = params.object(0, "file");
        ImportStore.Row row = imports.add(path(params, 0, "file", ref.path("Path")), ref.path("IsCAR").asBoolean());
        ObjectNode answer = json.object();
        answer.set("Root", json.cid(row.payloadCid()));
        return answer.put("ImportID", row.id());
    }

    private Object list(Params params, CallContext context) {
        ArrayNode list = json.list();
        for (ImportStore.Row row : imports.list()) {
            ObjectNode item = list.addObject().put("Key", row.id()).put("Err", problem(row));
            item.set("Root", json.cid(row.payloadCid()));
            item.put("Source", "import").put("FilePath", row.path()).put("CARPath", row.isCar() ? row.path() : "");
        }
        return list;
    }

    private String problem(ImportStore.Row row) {
        try {
            imports.requireUnchanged(row);
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private @Nullable Object remove(Params params, CallContext context) throws IOException {
        long id = params.integer(0, "import id");
        if (!imports.remove(id)) {
            throw new RpcException("there is no import " + id);
        }
        return null;
    }

    private ObjectNode size(Params params) throws IOException {
        PieceCommitment piece = imports.commitment(params.cid(0, "payload CID"));
        return json.object().put("PayloadSize", piece.payloadBytes()).put("PieceSize", piece.size().bytes());
    }

    private Object dealPieceCid(Params params, CallContext context) throws IOException {
        ObjectNode answer = size(params);
        answer.set("PieceCID", json.cid(imports.commitment(params.cid(0, "payload CID")).commP()));
        return answer;
    }

    /** Size is unpadded here, unlike everywhere else. */
    private Object calcCommP(Params params, CallContext context) throws IOException {
        Path file = path(params, 0, "CAR file", params.node(0));
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (CarFile car = CarFile.open(file, CarLimits.DEFAULT); InputStream in = car.payload();
                CommPStream commP = CommPStream.on(hashers, lanes)) {
            in.transferTo(commP);
            PieceCommitment piece = commP.finish();
            ObjectNode answer = json.object();
            answer.set("Root", json.cid(piece.commP()));
            return answer.put("Size", piece.size().unpadded().bytes());
        } catch (IllegalArgumentException e) {
            throw new RpcException("not a car file: " + file + ": " + e.getMessage());
        }
    }

    private @Nullable Object genCar(Params params, CallContext context) throws IOException {
        JsonNode ref = params.object(0, "file");
        Path source = path(params, 0, "file", ref.path("Path"));
        Path target = path(params, 1, "output file", params.node(1));
        if (!Files.isRegularFile(source)) {
            throw new NoSuchFileException(source.toString());
        }
        Path index = Files.createTempFile(target.getParent(), ".gencar", ".idx");
        Path fresh = Files.createTempFile(target.getParent(), ".gencar", ".car");
        try (ImportedFile blocks = ref.path("IsCAR").asBoolean() ? ImportedFile.importCar(source, index)
                : ImportedFile.importFile(source, index, UnixFsLayout.LOTUS);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh), 1 << 16)) {
            DagCar.write(blocks.root(), blocks, out);
            out.flush();
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(index);
            Files.deleteIfExists(fresh);
        }
        return null;
    }

    /** An absolute path that a caller gave. */
    static Path path(Params params, int position, String name, JsonNode text) {
        if (!text.isTextual() || text.textValue().isEmpty()) {
            throw params.wrong(position, name, "an absolute path");
        }
        try {
            Path path = Path.of(text.textValue());
            if (!path.isAbsolute()) {
                throw params.wrong(position, name, "an absolute path");
            }
            return path;
        } catch (InvalidPathException e) {
            throw params.wrong(position, name, "an absolute path");
        }
    }
}
