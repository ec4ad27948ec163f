package dev.tally.records;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.upload.Reject;
import dev.tally.platform.upload.UploadedRows;

/** One upload: counts its rows, keeps the first rejects, passes the good ones on in blocks. */
final class RecordLoad implements UploadedRows {
    /** Lines of an upload have fewer bits; its size is bounded by as many bytes. */
    static final int LINE_BITS = 34;

    /** Where full blocks go. */
    @FunctionalInterface
    interface Target {
        void store(byte[] block);
    }

    private final long number;
    private final RecordParser parser;
    private final RecordsConfig.Load config;
    private final Target target;
    private final RecordBlock block = new RecordBlock();
    private final List<Reject> rejects = new ArrayList<>();
    private long received;
    private long rejected;

    /** @param number of the load; the records of a later one replace those of an earlier */
    RecordLoad(long number, RecordsConfig config, Target target) {
        this.number = number;
        this.parser = new RecordParser(config.maxKeyCharacters(), config.maxTextCharacters());
        this.config = config.load();
        this.target = target;
    }

    @Override
    public void add(long line, @Nullable String[] values) throws IOException {
        Optional<CanonicalRecord> content = parser.parse(values);
        if (content.isEmpty()) {
            reject(line, parser.reason());
            return;
        }
        received++;
        block.add(content.get(), (number << LINE_BITS) + line);
        if (block.rows() >= config.maxBlockRows() || block.sizeBytes() >= config.maxBlockBytes()) {
            target.store(block.take());
        }
    }

    @Override
    public void reject(long line, String reason) {
        received++;
        rejected++;
        if (rejects.size() < config.maxRejects()) {
            rejects.add(new Reject(line, reason));
        }
    }

    @Override
    public long received() {
        return received;
    }

    /** After the last row. */
    RecordLoadResponse finish() {
        if (block.rows() > 0) {
            target.store(block.take());
        }
        return new RecordLoadResponse(received, received - rejected, rejected, rejects);
    }
}
