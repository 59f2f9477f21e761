package io.caravan.proofs;

import java.math.BigInteger;

/** Square matrices over the scalar field, for deriving constants once: clear, not fast. Never changes. */
final class FieldMatrix {

    private final BigInteger[][] cells;

    private FieldMatrix(BigInteger[][] cells) {
        this.cells = cells;
    }

    /** Gives the cell of a row and a column. */
    @FunctionalInterface
    interface Cell {
        BigInteger at(int row, int column);
    }

    static FieldMatrix of(int size, Cell cell) {
        BigInteger[][] cells = new BigInteger[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                cells[i][j] = cell.at(i, j).mod(ScalarField.ORDER);
            }
        }
        return new FieldMatrix(cells);
    }

    int size() {
        return cells.length;
    }

    BigInteger at(int row, int column) {
        return cells[row][column];
    }

    FieldMatrix times(FieldMatrix other) {
        return of(size(), (i, j) -> {
            BigInteger sum = BigInteger.ZERO;
            for (int k = 0; k < size(); k++) {
                sum = sum.add(cells[i][k].multiply(other.cells[k][j]));
            }
            return sum;
        });
    }

    /** The matrix times a column. */
    BigInteger[] times(BigInteger[] column) {
        BigInteger[] out = new BigInteger[size()];
        for (int i = 0; i < size(); i++) {
            BigInteger sum = BigInteger.ZERO;
            for (int k = 0; k < size(); k++) {
                sum = sum.add(cells[i][k].multiply(column[k]));
            }
            out[i] = sum.mod(ScalarField.ORDER);
        }
        return out;
    }

    /** Without the first row and column. */
    FieldMatrix minor() {
        return of(size() - 1, (i, j) -> cells[i + 1][j + 1]);
    }

    /** Gauss and Jordan; the matrices here are Cauchy's or products of such, which have an inverse. */
    FieldMatrix inverse() {
        int n = size();
        BigInteger[][] left = new BigInteger[n][];
        BigInteger[][] right = new BigInteger[n][n];
        for (int i = 0; i < n; i++) {
            left[i] = cells[i].clone();
            for (int j = 0; j < n; j++) {
                right[i][j] = i == j ? BigInteger.ONE : BigInteger.ZERO;
            }
        }
        for (int c = 0; c < n; c++) {
            int pivot = c;
            while (left[pivot][c].signum() == 0) {
                pivot++;
            }
            swap(left, c, pivot);
            swap(right, c, pivot);
            BigInteger scale = left[c][c].modInverse(ScalarField.ORDER);
            scale(left[c], scale);
            scale(right[c], scale);
            for (int i = 0; i < n; i++) {
                BigInteger factor = left[i][c];
                if (i != c && factor.signum() != 0) {
                    subtract(left[i], left[c], factor);
                    subtract(right[i], right[c], factor);
                }
            }
        }
        return new FieldMatrix(right);
    }

    private static void swap(BigInteger[][] rows, int a, int b) {
        BigInteger[] row = rows[a];
        rows[a] = rows[b];
        rows[b] = row;
    }

    private static void scale(BigInteger[] row, BigInteger by) {
        for (int j = 0; j < row.length; j++) {
            row[j] = row[j].multiply(by).mod(ScalarField.ORDER);
        }
    }

    private static void subtract(BigInteger[] row, BigInteger[] other, BigInteger times) {
        for (int j = 0; j < row.length; j++) {
            row[j] = row[j].subtract(other[j].multiply(times)).mod(ScalarField.ORDER);
        }
    }
}
