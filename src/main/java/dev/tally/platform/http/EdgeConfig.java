package dev.tally.platform.http;

import java.util.List;

import io.smallrye.config.ConfigMapping;

/** Bounds of what a request may bring. */
@ConfigMapping(prefix = "tally.http")
interface EdgeConfig {
    /** The most bytes of a body, on the wire. */
    long maxBodyBytes();

    /** The same for the paths below. */
    long maxUploadBytes();

    /** The paths whose bodies are streams of records, not documents. */
    List<String> uploadPaths();

    /** The same for the paths below. */
    long maxFileBytes();

    /** The paths whose bodies are files that are kept on disk while they are read. */
    List<String> filePaths();

    /** What the paths begin with on which {@code format=excel} with an {@code Accept} of JSON means a workbook in JSON. */
    List<String> envelopePaths();
}
