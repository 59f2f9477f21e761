package io.caravan.node.observe.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The log files of one folder, those that were rotated away included. Each reading goes on where the one before ended, file by file. */
public final class LogFiles {

    /** Lines of one stack trace, and characters of one line, that are kept. */
    private static final int MOST_BELOW = 200;
    private static final int LONGEST = 16_384;

    private final Path folder;
    private final Map<Object, Long> read = new HashMap<>();

    public LogFiles(Path folder) {
        this.folder = folder;
    }

    /** Hands over every entry since the last reading, file by file, the oldest file first. */
    public void read(Consumer<LogLine> into) {
        for (Path file : files()) {
            try {
                read(file, into);
            } catch (NoSuchFileException e) {
                continue; // it was rotated away just now; the next reading finds it under its new name
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the log " + file, e);
            }
        }
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().matches(".+\\.log(\\.\\d+)?"))
                    .sorted(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).thenComparing(Comparator.naturalOrder())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + folder, e);
        }
    }

    private void read(Path file, Consumer<LogLine> into) throws IOException {
        // A rotated file keeps what it is under another name, so it is known by its key and not by its name.
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        Object known = key == null ? file : key;
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long from = Math.min(read.getOrDefault(known, 0L), channel.size());
            long end = lastNewline(channel, from);
            if (end == from) {
                return;
            }
            channel.position(from);
            entries(Channels.newInputStream(channel), end - from, into);
            read.put(known, end);
        }
    }

    /** Behind the last whole line: the rest is still being written. */
    private static long lastNewline(SeekableByteChannel channel, long from) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(8192);
        for (long end = channel.size(); end > from; ) {
            long start = Math.max(from, end - block.capacity());
            block.clear().limit((int) (end - start));
            channel.position(start);
            while (block.hasRemaining() && channel.read(block) >= 0) {
                continue;
            }
            for (int i = block.position() - 1; i >= 0; i--) {
                if (block.get(i) == '\n') {
                    return start + i + 1;
                }
            }
            end = start;
        }
        return from;
    }

    private static void entries(InputStream bytes, long length, Consumer<LogLine> into) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(new Limited(bytes, length), StandardCharsets.UTF_8));
        LogLine entry = null;
        int below = 0;
        for (String line = next(lines); line != null; line = next(lines)) {
            LogLine begun = LogLine.parse(line).orElse(null);
            if (begun != null) {
                tell(entry, into);
                entry = begun;
                below = 0;
            } else if (entry != null && below++ < MOST_BELOW) {
                entry = entry.and(line);
            }
        }
        tell(entry, into);
    }

    private static void tell(@Nullable LogLine entry, Consumer<LogLine> into) {
        if (entry != null) {
            into.accept(entry);
        }
    }

    /** A line, however long, of which a bounded part is kept. */
    private static @Nullable String next(BufferedReader lines) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = lines.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = lines.read()) {
            if (line.length() < LONGEST && c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** The first bytes of a stream, which is left open. */
    private static final class Limited extends InputStream {

        private final InputStream bytes;
        private long left;

        Limited(InputStream bytes, long length) {
            this.bytes = bytes;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            int n = left == 0 ? -1 : bytes.read(into, from, (int) Math.min(count, left));
            left -= Math.max(0, n);
            return n;
        }
    }
}
