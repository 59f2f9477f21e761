package io.caravan.node.swap;

import java.util.ArrayList;
import java.util.List;

/** What differs between two texts, line by line, as {@code diff -u} writes it. */
public final class UnifiedDiff {

    private static final int CONTEXT = 3;
    /** Above so many pairs of lines the middle is shown as replaced whole. */
    private static final long MOST_PAIRS = 4_000_000;
    private static final int MOST_CHARACTERS = 64 * 1024;

    private record Line(char sign, String text) {}

    private UnifiedDiff() {}

    /**
     * @param name what both sides are called
     * @return empty when nothing differs; cut, with a line that says so, where it would be long
     */
    public static String of(String name, String before, String after) {
        List<Line> lines = lines(before.lines().toList(), after.lines().toList());
        if (lines.stream().allMatch(line -> line.sign() == ' ')) {
            return "";
        }
        StringBuilder out = new StringBuilder("--- " + name + "\n+++ " + name + "\n");
        int old = 1;
        int fresh = 1;
        int at = 0;
        while (at < lines.size()) {
            int first = next(lines, at);
            if (first == lines.size()) {
                break;
            }
            int from = Math.max(at, first - CONTEXT);
            old += from - at;
            fresh += from - at;
            int to = end(lines, first);
            List<Line> hunk = lines.subList(from, to);
            int oldCount = (int) hunk.stream().filter(line -> line.sign() != '+').count();
            int freshCount = (int) hunk.stream().filter(line -> line.sign() != '-').count();
            out.append("@@ -%d,%d +%d,%d @@%n".formatted(oldCount == 0 ? 0 : old, oldCount, freshCount == 0 ? 0 : fresh, freshCount));
            hunk.forEach(line -> out.append(line.sign()).append(line.text()).append('\n'));
            old += oldCount;
            fresh += freshCount;
            at = to;
        }
        return out.length() > MOST_CHARACTERS ? out.substring(0, MOST_CHARACTERS) + "\n… the rest is left out\n" : out.toString();
    }

    private static int next(List<Line> lines, int from) {
        int at = from;
        while (at < lines.size() && lines.get(at).sign() == ' ') {
            at++;
        }
        return at;
    }

    /** Where a hunk ends that begins to differ there: hunks whose context would touch are one. */
    private static int end(List<Line> lines, int first) {
        int end = first;
        while (end < lines.size()) {
            int same = end;
            while (same < lines.size() && lines.get(same).sign() != ' ') {
                same++;
            }
            int more = next(lines, same);
            if (more == lines.size() || more - same > 2 * CONTEXT) {
                return Math.min(lines.size(), same + CONTEXT);
            }
            end = more;
        }
        return end;
    }

    private static List<Line> lines(List<String> a, List<String> b) {
        int head = 0;
        while (head < a.size() && head < b.size() && a.get(head).equals(b.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < a.size() - head && tail < b.size() - head
                && a.get(a.size() - 1 - tail).equals(b.get(b.size() - 1 - tail))) {
            tail++;
        }
        List<Line> lines = new ArrayList<>();
        a.subList(0, head).forEach(line -> lines.add(new Line(' ', line)));
        middle(a.subList(head, a.size() - tail), b.subList(head, b.size() - tail), lines);
        a.subList(a.size() - tail, a.size()).forEach(line -> lines.add(new Line(' ', line)));
        return lines;
    }

    /** The longest common subsequence stays, what else there is goes or comes. */
    private static void middle(List<String> a, List<String> b, List<Line> lines) {
        if ((long) a.size() * b.size() > MOST_PAIRS) {
            a.forEach(line -> lines.add(new Line('-', line)));
            b.forEach(line -> lines.add(new Line('+', line)));
            return;
        }
        int[][] common = new int[a.size() + 1][b.size() + 1];
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int j = b.size() - 1; j >= 0; j--) {
                common[i][j] = a.get(i).equals(b.get(j)) ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
                lines.add(new Line(' ', a.get(i++)));
                j++;
            } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
                lines.add(new Line('-', a.get(i++)));
            } else {
                lines.add(new Line('+', b.get(j++)));
            }
        }
    }
}
