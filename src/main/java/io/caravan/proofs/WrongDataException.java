package io.caravan.proofs;

/** The data of a sector is not that of its pieces any more: it has to be written anew, not only sealed anew. */
public final class WrongDataException extends WrongFileException {

    private static final long serialVersionUID = 1L;

    public WrongDataException(String message) {
        super(message);
    }
}
