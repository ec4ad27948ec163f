package dev.tally.bench;

/**
 * How much is measured; system properties, so that a quick look is possible.
 *
 * @param cdrs of all benchmarks but {@code growth}
 * @param smallCdrs the few of {@code growth}
 * @param largeCdrs the many of {@code growth}
 * @param interactions of the workbook of {@code imports}
 * @param rounds how often each measurement is repeated, in turn with what it is compared with
 * @param starts how often each form of the application is started by {@code coldstart}
 * @param seconds how long each takes where requests are repeated
 */
record Sizes(int cdrs, int smallCdrs, int largeCdrs, int interactions, int rounds, int starts, int seconds) {
    static Sizes ofProperties() {
        return new Sizes(Integer.getInteger("bench.cdrs", 1_000_000), Integer.getInteger("bench.smallCdrs", 200_000),
                Integer.getInteger("bench.largeCdrs", 20_000_000), Integer.getInteger("bench.interactions", 200_000),
                Integer.getInteger("bench.rounds", 3),
                Integer.getInteger("bench.starts", 30), Integer.getInteger("bench.seconds", 20));
    }
}
