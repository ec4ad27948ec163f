package dev.tally.analytics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Supplier;

import dev.tally.platform.csv.CsvFields;

/**
 * Numbers different values in the order in which they come. Values are compared byte by byte; nothing is allocated for one
 * that is known. Not for several threads at once.
 */
final class GroupTable {
    /** In place of the number of a group, of a value that is refused. */
    static final int REFUSED = -1;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WORD = Long.BYTES;
    private static final int INITIAL_SLOTS = 256;
    private static final int INITIAL_BYTES = 4096;
    /** Of the values' bytes in all, so that a place among them is an int. */
    private static final int MAX_BYTES = 1 << 30;
    /** Odd numbers without a pattern, for spreading bits. */
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;
    private static final long SPREAD_MORE = 0xc2b2_ae3d_27d4_eb4fL;

    private final int maxGroups;
    private final boolean utf8Only;
    private final Supplier<RuntimeException> whenFull;
    /** By hash: the number of a group, plus one; 0 where there is none. */
    private int[] slots = new int[INITIAL_SLOTS];
    private int groups;
    // By group: its value's first 16 bytes (zeros where there are none), its length, and where all its bytes are.
    private long[] firstWords = new long[INITIAL_SLOTS / 2];
    private long[] secondWords = new long[INITIAL_SLOTS / 2];
    private int[] lengths = new int[INITIAL_SLOTS / 2];
    private int[] places = new int[INITIAL_SLOTS / 2];
    private long[] hashes = new long[INITIAL_SLOTS / 2];
    private byte[] values = new byte[INITIAL_BYTES];
    private int usedBytes;

    /**
     * @param utf8Only whether values that are not UTF-8 are refused
     * @param whenFull what to throw at the first value beyond the bound
     */
    GroupTable(int maxGroups, boolean utf8Only, Supplier<RuntimeException> whenFull) {
        this.utf8Only = utf8Only;
        this.maxGroups = maxGroups;
        this.whenFull = whenFull;
    }

    int size() {
        return groups;
    }

    void clear() {
        Arrays.fill(slots, 0);
        groups = 0;
        usedBytes = 0;
    }

    /** A copy of the value of a group. */
    byte[] value(int group) {
        return Arrays.copyOfRange(values, places[group], places[group] + lengths[group]);
    }

    /** The number of the group that has the value; the next one when it is new; {@link #REFUSED} when it is refused. */
    int find(byte[] bytes, int start, int end) {
        int length = end - start;
        long first = word(bytes, start, length);
        long second = length > WORD ? word(bytes, start + WORD, length - WORD) : 0;
        long hash = hash(bytes, start, length, first, second);
        int mask = slots.length - 1;
        for (int slot = (int) hash & mask;; slot = (slot + 1) & mask) {
            int group = slots[slot] - 1;
            if (group < 0) {
                return add(bytes, start, length, first, second, hash);
            }
            if (firstWords[group] == first && secondWords[group] == second && lengths[group] == length
                    && (length <= 2 * WORD || endsAlike(group, bytes, start, length))) {
                return group;
            }
        }
    }

    /** The number of the group of this table that has the value of a group of another table. */
    int find(GroupTable other, int group) {
        return find(other.values, other.places[group], other.places[group] + other.lengths[group]);
    }

    private boolean endsAlike(int group, byte[] bytes, int start, int length) {
        int from = places[group];
        return Arrays.equals(values, from + 2 * WORD, from + length, bytes, start + 2 * WORD, start + length);
    }

    private static long hash(byte[] bytes, int start, int length, long first, long second) {
        long hash = first * SPREAD ^ second * SPREAD_MORE ^ length;
        for (int at = 2 * WORD; at < length; at += WORD) {
            hash = (hash ^ hash >>> 29) * SPREAD_MORE ^ word(bytes, start + at, length - at) * SPREAD;
        }
        hash = (hash ^ hash >>> 32) * SPREAD;
        return hash ^ hash >>> 29;
    }

    /** Up to eight bytes, and zeros after them. */
    private static long word(byte[] bytes, int start, int length) {
        if (start <= bytes.length - WORD) {
            long word = (long) WORDS.get(bytes, start);
            return length >= WORD ? word : word & ~(-1L << (length * Byte.SIZE));
        }
        long word = 0;
        for (int i = Math.min(length, WORD) - 1; i >= 0; i--) {
            word = word << Byte.SIZE | (bytes[start + i] & 0xff);
        }
        return word;
    }

    private int add(byte[] bytes, int start, int length, long first, long second, long hash) {
        if (utf8Only && !CsvFields.isUtf8(bytes, start, start + length)) {
            return REFUSED;
        }
        if (groups == maxGroups || length > MAX_BYTES - usedBytes) {
            throw whenFull.get();
        }
        if (groups == lengths.length) {
            grow();
        }
        if (usedBytes + length > values.length) {
            values = Arrays.copyOf(values, Math.max(usedBytes + length, values.length * 2));
        }
        System.arraycopy(bytes, start, values, usedBytes, length);
        int group = groups++;
        firstWords[group] = first;
        secondWords[group] = second;
        lengths[group] = length;
        places[group] = usedBytes;
        hashes[group] = hash;
        usedBytes += length;
        putIntoSlot(group);
        return group;
    }

    private void putIntoSlot(int group) {
        int mask = slots.length - 1;
        int slot = (int) hashes[group] & mask;
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = group + 1;
    }

    /** Half of the slots stay free, so that a search is short. */
    private void grow() {
        int capacity = lengths.length * 2;
        firstWords = Arrays.copyOf(firstWords, capacity);
        secondWords = Arrays.copyOf(secondWords, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        places = Arrays.copyOf(places, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        slots = new int[capacity * 2];
        for (int group = 0; group < groups; group++) {
            putIntoSlot(group);
        }
    }
}
