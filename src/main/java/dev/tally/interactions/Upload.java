package dev.tally.interactions;

import java.nio.file.Path;

/**
 * A workbook as it was sent.
 *
 * @param file where it is; whoever imports it deletes it
 * @param fileName as the client calls it
 * @param sha256 of its bytes, in hexadecimal
 * @param user who sent it
 */
record Upload(Path file, String fileName, String sha256, long sizeBytes, String user) {}
