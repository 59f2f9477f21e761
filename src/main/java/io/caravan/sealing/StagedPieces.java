package io.caravan.sealing;

import io.caravan.model.RetryableException;
import io.caravan.model.SectorPiece;
import io.caravan.model.WaitsOn;
import io.caravan.store.LotusPieceStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The staged pieces that a Lotus miner may fetch, each with the token that the miner was given for it and for nothing
 * else. A token dies when its piece was fetched whole, lies in a sector, or is not wanted any more.
 */
public final class StagedPieces {

    /** A reader that fails and comes again is fine; one that never ends is not. */
    static final int MOST_READS = 200;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final LotusPieceStore store;

    public StagedPieces(LotusPieceStore store) {
        this.store = store;
    }

    /** A piece as the miner gets it: the payload and zeros, {@code length} unpadded bytes. */
    public final class Staged {

        private final String token;
        private final Path file;
        private final long payload;
        private final long length;

        private Staged(String token, SectorPiece piece) {
            this.token = token;
            this.file = Path.of(piece.file());
            this.payload = piece.bytes();
            this.length = piece.size().unpadded().bytes();
        }

        /** Unpadded bytes. */
        public long length() {
            return length;
        }

        /**
         * So many bytes from there on. The piece's last byte is read once a token; a second reader of it gets an
         * IOException in its place.
         */
        public InputStream open(long first, long count) throws IOException {
            return new PieceStream(file, payload, new PieceStream.Range(length, first, count), () -> store.take(token));
        }
    }

    /**
     * Whom the token lets fetch what; counts as one fetch.
     *
     * @return empty when the token is none, is dead, or was used too often
     * @throws RetryableException the staged data is not there as it should be
     */
    public Optional<Staged> find(String token) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        return store.read(token, MOST_READS).map(piece -> {
            try {
                if (Files.size(Path.of(piece.file())) != piece.bytes()) {
                    throw new RetryableException(WaitsOn.OPERATOR, "the staged data of deal " + piece.proposalCid()
                            + " is not " + piece.bytes() + " bytes long any more", null);
                }
            } catch (IOException e) {
                throw new RetryableException(WaitsOn.OPERATOR, "the staged data of deal " + piece.proposalCid()
                        + " cannot be read", e);
            }
            return new Staged(token, piece);
        });
    }
}
