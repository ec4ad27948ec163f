package dev.tally.reports;

/** The paths that Gcore's API description had and has. */
public enum GcoreGeneration {
    CURRENT("billing/org/v1/reports", "billing/org/v1/reports"), EARLIER("billing/v1/org/files",
            "billing/v1/org/files/report");

    private final String reports;
    private final String start;

    GcoreGeneration(String reports, String start) {
        this.reports = reports;
        this.start = start;
    }

    /** Of the list; of each report below it. */
    String reports() {
        return reports;
    }

    /** Where a report is started. */
    String start() {
        return start;
    }
}
