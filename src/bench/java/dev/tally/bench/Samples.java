package dev.tally.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The figures of several rounds. */
final class Samples {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
        Collections.sort(values);
    }

    double median() {
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    /** How much a second, where these are seconds that each took the same amount. */
    Samples rate(double amount) {
        Samples rates = new Samples();
        values.forEach(seconds -> rates.add(amount / seconds));
        return rates;
    }

    /** As it stands in a table: the median, and between which values the rounds were. */
    String text(int decimals) {
        String format = "%,." + decimals + "f";
        return String.format(Locale.ROOT, format + " (" + format + "–" + format + ")", median(), values.getFirst(),
                values.getLast());
    }
}
