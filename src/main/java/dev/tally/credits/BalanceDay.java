package dev.tally.credits;

import java.time.LocalDate;

/**
 * How a balance changed on a day: the balance of the day before, and what was added, less what was taken, is that of its end.
 *
 * @param entries of the ledger
 * @param balance at the end of the day
 */
record BalanceDay(LocalDate date, long entries, long added, long taken, long balance) {}
