package dev.tally.analytics;

import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** Which values each group has. */
final class DistinctValues {
    private static final int PREFIX = Integer.BYTES;

    /** Of each value with the number of its group before it. */
    private final GroupTable pairs;
    private byte[] pair = new byte[64];

    /**
     * @param maxValues of all groups together
     * @param tooMany what to throw beyond the bound
     */
    DistinctValues(int maxValues, Supplier<RuntimeException> tooMany) {
        this.pairs = new GroupTable(maxValues, false, tooMany);
    }

    void clear() {
        pairs.clear();
    }

    /** @return whether the group did not have the value yet */
    boolean add(int group, byte[] bytes, int start, int end) {
        int length = PREFIX + end - start;
        if (length > pair.length) {
            pair = new byte[length * 2];
        }
        for (int i = 0; i < PREFIX; i++) {
            pair[i] = (byte) (group >>> (i * Byte.SIZE));
        }
        System.arraycopy(bytes, start, pair, PREFIX, end - start);
        int known = pairs.size();
        return pairs.find(pair, 0, length) == known;
    }

    /**
     * Adds what another has.
     *
     * @param groups gives for a group of the other its number here
     * @param whenNew is told of the group, by its number here, for each value that it did not have yet
     */
    void addAll(DistinctValues other, IntUnaryOperator groups, IntConsumer whenNew) {
        for (int i = 0; i < other.pairs.size(); i++) {
            byte[] theirs = other.pairs.value(i);
            int theirGroup = 0;
            for (int at = 0; at < PREFIX; at++) {
                theirGroup |= (theirs[at] & 0xff) << (at * Byte.SIZE);
            }
            int group = groups.applyAsInt(theirGroup);
            if (add(group, theirs, PREFIX, theirs.length)) {
                whenNew.accept(group);
            }
        }
    }
}
