package dev.tally.analytics;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** How the characters of a dataset are written. */
public enum CsvCharset {
    UTF_8, ISO_8859_1;

    Charset charset() {
        return this == UTF_8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    }
}
