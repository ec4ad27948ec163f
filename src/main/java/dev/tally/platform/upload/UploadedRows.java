package dev.tally.platform.upload;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/** Takes the rows of an upload one by one. */
public interface UploadedRows {
    /**
     * A row that could be read.
     *
     * @param line where it stands, from 1, the header of a CSV included
     * @param values in the order of the fields, null for what the row lacks; the array is the receiver's
     */
    void add(long line, @Nullable String[] values) throws IOException;

    /** A row that could not. */
    void reject(long line, String reason);

    /** How many rows came so far, of either kind. */
    long received();
}
