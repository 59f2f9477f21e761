package io.caravan.rpc;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server's certificate and key, read again when the files change; a change that cannot be used leaves the old ones. */
final class TlsFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    private final ServerConfig.Tls files;
    private volatile SslContext context;
    private State seen;
    private Runnable changed = () -> {};

    /** What tells a file from the one that was read. */
    private record State(FileTime certificate, FileTime key, long certificateBytes, long keyBytes) {}

    /** @throws IllegalArgumentException in one sentence if the files cannot be used */
    TlsFiles(ServerConfig.Tls files) {
        this.files = files;
        try {
            seen = state();
            context = read();
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(sentence(e), e);
        }
    }

    /** Hears when other files are used than before. */
    void onChange(Runnable heard) {
        changed = heard;
    }

    /** For the next connection. */
    SslContext context() {
        return context;
    }

    /** On a worker, one at a time. */
    synchronized void look() {
        try {
            State now = state();
            if (now.equals(seen)) {
                return;
            }
            seen = now; // what cannot be used is said once
            context = read();
            LOG.info("the TLS certificate {} was read again", files.certificate());
            changed.run();
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{}; the one before stays in use", sentence(e));
        }
    }

    private SslContext read() throws SSLException {
        return SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
    }

    private State state() throws IOException {
        return new State(Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()),
                Files.size(files.certificate()), Files.size(files.key()));
    }

    private String sentence(Exception e) {
        Path missing = !Files.isReadable(files.certificate()) ? files.certificate()
                : !Files.isReadable(files.key()) ? files.key() : null;
        return missing != null ? "the TLS file " + missing + " is not there or cannot be read"
                : "the TLS certificate " + files.certificate() + " with the key " + files.key()
                        + " cannot be used; both are PEM, the key is unencrypted PKCS#8 (openssl pkcs8 -topk8 -nocrypt): "
                        + e.getMessage();
    }
}
