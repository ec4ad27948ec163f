package dev.tally.reports;

import java.util.Arrays;
import java.util.Optional;

/** Whose features a report is of. */
enum Product {
    CDN("cdn", "CDN"), CLOUD("cloud", "Cloud"), WAAP("waap", "WAAP");

    private final String text;
    private final String gcoreName;

    Product(String text, String gcoreName) {
        this.text = text;
        this.gcoreName = gcoreName;
    }

    /** As it stands in a path and in a job. */
    String text() {
        return text;
    }

    /** As Gcore's features name it. */
    String gcoreName() {
        return gcoreName;
    }

    /** The product of this text; empty when there is none. */
    static Optional<Product> of(String text) {
        return Arrays.stream(values()).filter(product -> product.text.equals(text)).findFirst();
    }
}
