package dev.tally.platform.table;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Says of a table how large its CSV is and which hash it has, before anybody asks for it. */
@Singleton
public class TableDigest {
    private final BufferPool pool;

    @Inject
    TableDigest(BufferPool pool) {
        this.pool = pool;
    }

    /**
     * What a table is as CSV: the bytes that {@code Accept: text/csv} gives without {@code raw} and without a content coding.
     *
     * @param rows without the header
     * @param sha256 in lower-case hexadecimal digits
     */
    public record Digest(long rows, long sizeBytes, String sha256) {}

    /** Runs the source of the table on this thread, and keeps nothing of what it writes. */
    public Digest of(Table table) {
        HashTransport transport = new HashTransport(pool);
        Output output = new Output(pool, transport);
        List<Column> columns = AnswerSink.columns(table);
        AnswerSink sink = new AnswerSink(table, columns, () -> new CsvEncoder(output, columns, false), transport,
                (asOf, version) -> true);
        try {
            table.source().writeTo(sink);
            sink.finish();
            output.finish();
        } finally {
            output.discard();
        }
        return new Digest(sink.rows(), transport.sizeBytes, HexFormat.of().formatHex(transport.hash.digest()));
    }

    /** Hashes an answer, and drops it. */
    private static final class HashTransport implements Transport {
        private final BufferPool pool;
        private final MessageDigest hash = Sha256.start();
        private long sizeBytes;

        HashTransport(BufferPool pool) {
            this.pool = pool;
        }

        @Override
        public void whole(byte[] buffer, int length) {
            chunk(buffer, length);
        }

        @Override
        public void chunk(byte[] buffer, int length) {
            hash.update(buffer, 0, length);
            sizeBytes += length;
            pool.give(buffer);
        }

        @Override
        public void end() {
            // The chunks were everything.
        }

        @Override
        public void requireClient() {
            // There is none that could go away.
        }

        @Override
        public void onAbandoned(Runnable task) {
            // There is nobody who could abandon it.
        }
    }
}
