package dev.tally.bench;

/**
 * How much is measured; system properties, so that a quick look is possible.
 *
 * @param cdrs of all benchmarks but {@code growth}
 * @param smallCdrs the few of {@code growth}
 * @param largeCdrs the many of {@code growth}
 * @param interactions of the workbook of {@code imports}
 * @param reportRows of the report of {@code report-stream}
 * @param openReports how many {@code report-polls} has
 * @param kills how many {@code report-kills} makes
 * @param scanMegabytes of each file of {@code scan}, and of the object of {@code scan-http}
 * @param records how many {@code records} has
 * @param rounds how often each measurement is repeated, in turn with what it is compared with
 * @param starts how often each form of the application is started by {@code coldstart}
 * @param seconds how long each takes where requests are repeated
 */
record Sizes(int cdrs, int smallCdrs, int largeCdrs, int interactions, int reportRows, int openReports, int kills,
        int scanMegabytes, int records, int rounds, int starts, int seconds) {
    static Sizes ofProperties() {
        return new Sizes(Integer.getInteger("bench.cdrs", 1_000_000), Integer.getInteger("bench.smallCdrs", 200_000),
                Integer.getInteger("bench.largeCdrs", 20_000_000), Integer.getInteger("bench.interactions", 200_000),
                Integer.getInteger("bench.reportRows", 1_000_000), Integer.getInteger("bench.openReports", 10_000),
                Integer.getInteger("bench.kills", 200), Integer.getInteger("bench.scanMegabytes", 500),
                Integer.getInteger("bench.records", 10_000_000), Integer.getInteger("bench.rounds", 3),
                Integer.getInteger("bench.starts", 30), Integer.getInteger("bench.seconds", 20));
    }
}
