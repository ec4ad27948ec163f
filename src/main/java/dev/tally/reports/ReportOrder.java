package dev.tally.reports;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a report is asked of.
 *
 * @param scope a product, or all
 * @param gcoreUserId the id of the client at Gcore whose rows are wanted
 * @param startDate the first day
 * @param endDate the last day, included
 */
record ReportOrder(Scope scope, String gcoreUserId, LocalDate startDate, LocalDate endDate) {

    ReportOrder {
        if (startDate.isAfter(endDate)) {
            throw new IllegalArgumentException("The order ends before it starts");
        }
    }

    /** Which products, as the path names them. */
    enum Scope {
        CDN("cdn", List.of(Product.CDN)), CLOUD("cloud", List.of(Product.CLOUD)), WAAP("waap",
                List.of(Product.WAAP)), ALL("all", List.of(Product.CDN, Product.CLOUD, Product.WAAP));

        private final String text;
        @SuppressWarnings("ImmutableEnumChecker") // A list of enums that List.of made.
        private final List<Product> products;

        Scope(String text, List<Product> products) {
            this.text = text;
            this.products = products;
        }

        String text() {
            return text;
        }

        /** In the order in which their rows stand in the report. */
        List<Product> products() {
            return products;
        }

        static Optional<Scope> of(String text) {
            return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
        }
    }
}
