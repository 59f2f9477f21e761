package io.caravan.proofs;

/**
 * Where a tree's nodes lie in its file: row after row, leaves first, the root last, without the rows that are not
 * stored.
 *
 * @param firstStored the lowest row that is in the file; row 0 are the leaves
 */
record TreeShape(int leaves, int arity, int firstStored) {

    private static final int ROWS_ABOVE_LEAVES_DISCARDED = 2;

    /** All rows: tree-d and tree-c. */
    static TreeShape whole(int leaves, int arity) {
        return new TreeShape(leaves, arity, 0);
    }

    /**
     * Without the leaves, which are the replica, and some rows above them: as the network's software stores
     * tree-r-last.
     */
    static TreeShape upper(int leaves, int arity) {
        int rows = new TreeShape(leaves, arity, 0).rows();
        return new TreeShape(leaves, arity, 1 + discarded(rows));
    }

    private static int discarded(int rows) {
        return rows > 3 ? ROWS_ABOVE_LEAVES_DISCARDED : rows == 3 ? 1 : 0;
    }

    /** Rows, leaves and root included. */
    int rows() {
        int rows = 1;
        for (int n = leaves; n > 1; n /= arity) {
            rows++;
        }
        return rows;
    }

    int nodes(int row) {
        int n = leaves;
        for (int r = 0; r < row; r++) {
            n /= arity;
        }
        return n;
    }

    boolean isStored(int row) {
        return row >= firstStored;
    }

    /** Where a stored row begins, in bytes. */
    long offset(int row) {
        long nodes = 0;
        for (int r = firstStored; r < row; r++) {
            nodes += nodes(r);
        }
        return nodes * PoRep.NODE;
    }

    /** Length of the file. */
    long bytes() {
        return offset(rows());
    }

    /** Rows above the leaves that are not in the file, as the network's software counts them. */
    int rowsToDiscard() {
        return Math.max(0, firstStored - 1);
    }
}
