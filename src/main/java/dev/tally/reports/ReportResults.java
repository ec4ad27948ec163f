package dev.tally.reports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

/** Where the rows of parts are: in PostgreSQL, or in S3 when they are too many for it. */
@ApplicationScoped
class ReportResults {
    private final ResultQueries queries;
    private final ResultStore store;
    private final ReportsConfig config;

    ReportResults(ResultQueries queries, ResultStore store, ReportsConfig config) {
        this.queries = queries;
        this.store = store;
        this.config = config;
    }

    /** How many bytes the rows of a part may have. */
    long maxBytes() {
        ReportsConfig.Results bounds = config.results();
        return store.isConfigured() ? bounds.maxBytes() : Math.min(bounds.maxBytes(), bounds.maxPostgresBytes());
    }

    /** Puts a file that is too large for PostgreSQL into S3; before the transaction that refers to it. */
    Optional<String> upload(ClaimedPart part, Path file) {
        try {
            if (Files.size(file) <= config.results().maxPostgresBytes()) {
                return Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The claim is in it: an attempt that was given up for dead may still write its own.
        return Optional
                .of(store.put(part.jobId() + "-" + part.product().text() + "-" + part.claim() + ".csv.gz", file));
    }

    InputStream open(ReportPart part) {
        return part.rows().flatMap(ReportPart.StoredRows::objectKey).map(store::open)
                .orElseGet(() -> queries.open(part.partNo()));
    }

    /** Removes what stands outside PostgreSQL. */
    void remove(String objectKey) {
        store.remove(objectKey);
    }
}
