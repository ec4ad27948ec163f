package dev.tally.reports;

import java.util.List;

import dev.tally.platform.table.Column;

/** The columns that every report has, in the order in which they are answered. */
enum ReportColumn {
    CLIENT_ID(0, "Client ID", true), COMPANY_NAME(1, "Company name", false), FEATURE_ID(2, "Feature ID", true),
    FEATURE_NAME(3, "Feature name", false), METRIC_VALUE(4, "Metric value", true), UNIT_NAME(5, "Unit name", false);

    private final int place;
    private final String title;
    private final boolean numeral;

    ReportColumn(int place, String title, boolean numeral) {
        this.place = place;
        this.title = title;
        this.numeral = numeral;
    }

    /** As Gcore names it, and we do. */
    String title() {
        return title;
    }

    /** Where it stands in a row. */
    int place() {
        return place;
    }

    /** Where it stands in a header of Gcore's. */
    int placeIn(List<String> header) {
        int found = -1;
        for (int place = 0; place < header.size(); place++) {
            if (header.get(place).strip().equalsIgnoreCase(title)) {
                if (found >= 0) {
                    throw new GcoreCsv.UnreadableException(
                            "Gcore's file has the column \"" + title + "\" twice.", null);
                }
                found = place;
            }
        }
        if (found < 0) {
            throw new GcoreCsv.UnreadableException("Gcore's file lacks the column \"" + title + "\".", null);
        }
        return found;
    }

    /** A column of an answer; those that are not of this type are texts. */
    static Column column(String name) {
        for (ReportColumn known : values()) {
            if (known.title.equals(name)) {
                return known.numeral ? Column.numeral(name) : Column.text(name);
            }
        }
        return Column.text(name);
    }
}
