package dev.tally.records;

import java.util.List;

import dev.tally.platform.upload.Reject;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What became of an upload: {@code received = loaded + rejected}.
 *
 * @param received rows read, without the header
 * @param loaded records stored; a later one of the same key has replaced an earlier
 * @param rejected rows that are no records, exactly
 * @param rejects the first of them
 */
@RegisterForReflection
record RecordLoadResponse(long received, long loaded, long rejected, List<Reject> rejects) {
    RecordLoadResponse {
        rejects = List.copyOf(rejects);
    }
}
