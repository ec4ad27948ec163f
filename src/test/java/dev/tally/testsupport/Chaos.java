package dev.tally.testsupport;

import java.util.Random;

import org.jboss.logging.Logger;

/**
 * How much is done by the tests of faults, load and hostile input: little in each build, always the same; much with
 * {@code -Pchaos}, another time something else. {@code -Dchaos.seed} repeats what was found.
 */
public final class Chaos {
    /** Of the tests that {@code -Pchaos} runs. */
    public static final String TAG = "chaos";
    /** Of the tests that {@code -Psoak} runs, and nothing else does. */
    public static final String SOAK = "soak";

    private static final Logger LOG = Logger.getLogger(Chaos.class);
    private static final boolean IS_LONG = Boolean.getBoolean("chaos.long");
    private static final long FIXED_SEED = 20_261_124L;
    private static final long MAX_SEED = 1_000_000_000_000L;
    private static final long SEED = Long.getLong("chaos.seed",
            IS_LONG ? new Random().nextLong(MAX_SEED) : FIXED_SEED);

    static {
        LOG.infof("Repeat with -Dchaos.seed=%d", SEED);
    }

    private Chaos() {}

    /** What all that is random begins with. */
    public static long seed() {
        return SEED;
    }

    /** The first in each build, the second with {@code -Pchaos}. */
    public static int times(int inEachBuild, int withChaos) {
        return IS_LONG ? withChaos : inEachBuild;
    }
}
