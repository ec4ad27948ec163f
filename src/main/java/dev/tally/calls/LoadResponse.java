package dev.tally.calls;

import java.util.List;

import dev.tally.platform.upload.Reject;

/**
 * What became of an upload: {@code received = loaded + duplicates + rejected}.
 *
 * @param received rows read, without the header
 * @param loaded rows stored
 * @param duplicates rows that were stored already, or that repeat a row of this upload
 * @param rejected rows that are not fit to be stored, exactly
 * @param rejects the first of them
 */
record LoadResponse(long received, long loaded, long duplicates, long rejected, List<Reject> rejects) {
    LoadResponse {
        rejects = List.copyOf(rejects);
    }
}
