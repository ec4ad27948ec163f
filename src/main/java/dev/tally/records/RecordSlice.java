package dev.tally.records;

import java.util.Optional;

/**
 * Which of the records that a search finds are wanted, in the order of their keys.
 *
 * @param limit how many at most
 * @param offset how many are left out before
 * @param after the key after which they begin; not together with an offset
 */
record RecordSlice(int limit, int offset, Optional<String> after) {}
