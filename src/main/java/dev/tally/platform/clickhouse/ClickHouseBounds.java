package dev.tally.platform.clickhouse;

/**
 * What the statements of one kind may take. Each kind has its own, so that slow ones do not keep quick ones waiting.
 *
 * @param maxQuerySeconds how long a statement may take, and wait for its turn
 * @param maxMemoryBytes how much memory it may take, of each server
 * @param maxAnswerBytes the size of an answer, which is held in memory
 * @param maxConcurrentQueries how many may be under way; others wait
 */
public record ClickHouseBounds(int maxQuerySeconds, long maxMemoryBytes, int maxAnswerBytes,
        int maxConcurrentQueries) {}
