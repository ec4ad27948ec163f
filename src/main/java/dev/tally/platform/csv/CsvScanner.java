package dev.tally.platform.csv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.csv.RowBatch.Fault;

/**
 * Finds the fields of some columns in CSV (RFC 4180), eight bytes at a time. docs/csv.md has the rules, also where the RFC
 * leaves room. Works on any encoding in which the delimiter, the quotation mark and the line feed are single bytes that are
 * part of no other character, such as UTF-8 and ISO-8859-1. Not for several threads at once.
 */
public final class CsvScanner {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WORD = Long.BYTES;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;
    /** The mask of a word whose first byte is meant, which stands for the byte before the next word too. */
    private static final long FIRST_BYTE = 0x80;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long LINE_FEEDS = ONES * '\n';
    private static final long QUOTES = ONES * '"';
    private static final long DIFFERENCE = LINE_FEEDS ^ QUOTES;
    private static final long BOTH = LINE_FEEDS | QUOTES;
    private static final int NONE = Integer.MAX_VALUE;

    private final int columns;
    private final long delimiters;
    /** The places of the wanted columns, ascending, and {@link #NONE} after them. */
    private final int[] places;

    // Of the record that is being read, what only quotation marks change.
    private int quotedStart;
    /** {@link #NONE} when the wanted field is not quoted. */
    private int quotedEnd;
    private int quotedLineBreaks;
    private @Nullable Fault fault;

    /**
     * @param delimiter an ASCII character
     * @param columns how many fields a row has
     * @param places of the columns that are wanted, from 0, ascending
     */
    public CsvScanner(char delimiter, int columns, int... places) {
        this.delimiters = ONES * delimiter;
        this.columns = columns;
        this.places = Arrays.copyOf(places, places.length + 1);
        this.places[places.length] = NONE;
    }

    /**
     * Scans records until the batch is full or the bytes end.
     *
     * @param from where a record begins
     * @param to where the bytes end, exclusive
     * @param last whether the input ends there too: then a record needs no line feed at its end
     * @return where the first record begins that was not consumed; {@code to} when all were
     */
    public int scan(byte[] bytes, int from, int to, boolean last, RowBatch batch) {
        batch.clear();
        beginRecord();
        int position = from;
        int record = from;
        // How many delimiters of the record were passed, and at which number of them something is to be noted next.
        int field = 0;
        int event = firstEvent();
        int wanted = 0;
        int start = from;
        int wordLimit = to - WORD;
        int afterQuote = -1;
        while (position < to) {
            long word;
            if (position <= wordLimit) {
                word = (long) WORDS.get(bytes, position);
                // Nearly all words are done with here: nothing in them but delimiters that are only counted.
                if (!mayHoldQuoteOrLineFeed(word)) {
                    long ends = matches(word ^ delimiters);
                    int passed = field + Long.bitCount(ends);
                    while (passed >= event) {
                        int at = position + indexOf(ends, event - field);
                        if (event > places[wanted]) {
                            note(batch, wanted, start, at);
                            wanted++;
                        }
                        start = at + 1;
                        event = places[wanted] == event ? event + 1 : places[wanted];
                    }
                    field = passed;
                    position += WORD;
                    continue;
                }
            } else {
                word = lastWord(bytes, position, to);
            }
            long rowEnds = matches(word ^ LINE_FEEDS);
            long ends = matches(word ^ delimiters) | rowEnds;
            // A quotation mark counts only where a field begins.
            long quotes = matches(word ^ QUOTES)
                    & (ends << Byte.SIZE | (beginsField(bytes, position, record, afterQuote) ? FIRST_BYTE : 0));
            ends &= (quotes & -quotes) - 1;
            while (ends != 0) {
                int at = position + (Long.numberOfTrailingZeros(ends) >>> 3);
                long end = ends & -ends;
                ends ^= end;
                if ((rowEnds & end) != 0) {
                    batch.lineBreaks++;
                    int lineEnd = at > record && bytes[at - 1] == '\r' ? at - 1 : at;
                    endRecord(bytes, record, lineEnd, field, wanted, start, batch);
                    record = at + 1;
                    if (batch.rows == batch.maxRows) {
                        return record;
                    }
                    field = 0;
                    wanted = 0;
                    start = record;
                    event = firstEvent();
                } else if (++field == event) {
                    if (event > places[wanted]) {
                        note(batch, wanted, start, at);
                        wanted++;
                    }
                    start = at + 1;
                    event = places[wanted] == field ? field + 1 : places[wanted];
                }
            }
            if (quotes == 0) {
                position += WORD;
            } else {
                int quote = position + (Long.numberOfTrailingZeros(quotes) >>> 3);
                position = endOfQuoted(bytes, quote, to, last, event > places[wanted]);
                if (position < 0) {
                    return endWithinQuotes(record, to, field, last, batch);
                }
                afterQuote = position;
            }
        }
        if (record < to && last) {
            endRecord(bytes, record, to, field, wanted, start, batch);
            return to;
        }
        return record;
    }

    /** Whether a field begins there, which is not behind its closing quotation mark. */
    private boolean beginsField(byte[] bytes, int position, int record, int afterQuote) {
        return position == record || (position != afterQuote
                && (bytes[position - 1] == (byte) delimiters || bytes[position - 1] == '\n'));
    }

    private int firstEvent() {
        return places[0] == 0 ? 1 : places[0];
    }

    private void beginRecord() {
        quotedEnd = NONE;
        quotedLineBreaks = 0;
        fault = null;
    }

    /** Notes where a wanted field is, which ends at a delimiter, or at the end of its row. */
    private void note(RowBatch batch, int wanted, int start, int end) {
        if (quotedEnd == NONE) {
            batch.starts[wanted][batch.rows] = start;
            batch.ends[wanted][batch.rows] = end;
        } else {
            batch.starts[wanted][batch.rows] = quotedStart;
            batch.ends[wanted][batch.rows] = quotedEnd;
            quotedEnd = NONE;
        }
    }

    /** @param end where the line break is, or the end of the input */
    private void endRecord(byte[] bytes, int record, int end, int field, int wanted, int start, RowBatch batch) {
        batch.measure(record, end);
        if (field + 1 == columns && fault == null) {
            if (places[wanted] == field) {
                note(batch, wanted, start, end);
            }
            batch.rowStarts[batch.rows++] = record;
        } else if (columns == 1 || field > 0 || fault != null || !isBlank(bytes, record, end)) {
            batch.addMisfit(record, fault == null ? Fault.NUMBER_OF_FIELDS : fault, field + 1);
        }
        batch.lineBreaks += quotedLineBreaks;
        beginRecord();
    }

    private static boolean isBlank(byte[] bytes, int record, int end) {
        return end == record || (end == record + 2 && bytes[record] == '"' && bytes[record + 1] == '"');
    }

    private int endWithinQuotes(int record, int to, int field, boolean last, RowBatch batch) {
        if (!last) {
            return record;
        }
        batch.measure(record, to);
        batch.addMisfit(record, fault == null ? Fault.OPEN_QUOTE : fault, field + 1);
        batch.lineBreaks += quotedLineBreaks;
        return to;
    }

    /**
     * Goes to the end of a quoted field, which may be found to have something behind it.
     *
     * @param open where the quotation mark at its begin is
     * @param isWanted whether its place is to be kept
     * @return behind the quotation mark at its end; -1 when that is not in the bytes
     */
    private int endOfQuoted(byte[] bytes, int open, int to, boolean last, boolean isWanted) {
        boolean doubled = false;
        int close = nextQuote(bytes, open + 1, to);
        while (close + 1 < to && bytes[close + 1] == '"') {
            doubled = true;
            close = nextQuote(bytes, close + 2, to);
        }
        if (close >= to || (close + 1 == to && !last)) {
            return -1;
        }
        if (isWanted) {
            quotedStart = open + 1;
            quotedEnd = doubled ? ~close : close;
        }
        if (!endsField(bytes, close + 1, to)) {
            fault = Fault.TEXT_AFTER_QUOTE;
        }
        return close + 1;
    }

    private boolean endsField(byte[] bytes, int at, int to) {
        return at == to || bytes[at] == (byte) delimiters || bytes[at] == '\n'
                || (bytes[at] == '\r' && at + 1 < to && bytes[at + 1] == '\n');
    }

    /** Where the next quotation mark is, or {@code to}; line feeds on the way are counted. */
    private int nextQuote(byte[] bytes, int from, int to) {
        int position = from;
        while (position < to) {
            long word = position <= to - WORD ? (long) WORDS.get(bytes, position) : lastWord(bytes, position, to);
            long quotes = matches(word ^ QUOTES);
            long lineFeeds = matches(word ^ LINE_FEEDS) & ((quotes & -quotes) - 1);
            quotedLineBreaks += Long.bitCount(lineFeeds);
            if (quotes != 0) {
                return position + (Long.numberOfTrailingZeros(quotes) >>> 3);
            }
            position += WORD;
        }
        return to;
    }

    /** The bytes that are left, fewer than a word, and zeros. */
    private static long lastWord(byte[] bytes, int from, int to) {
        long word = 0;
        for (int i = to - 1; i >= from; i--) {
            word = word << Byte.SIZE | (bytes[i] & 0xff);
        }
        return word;
    }

    /** Never false when there is one; now and then true for what looks alike in two bits, such as an asterisk. */
    private static boolean mayHoldQuoteOrLineFeed(long word) {
        long alike = (word | DIFFERENCE) ^ BOTH;
        return ((alike - ONES) & ~alike & HIGH_BITS) != 0;
    }

    /**
     * Which byte has the mark that comes as the n-th.
     *
     * @param marks as of {@link #matches}, n of them at least
     * @param n from 1
     */
    private static int indexOf(long marks, int n) {
        // Each byte becomes the number of marks up to it, and then zero where that is n; the first of these is meant.
        long counts = (marks >>> (Byte.SIZE - 1)) * ONES ^ n * ONES;
        return Long.numberOfTrailingZeros((counts - ONES) & ~counts & HIGH_BITS) >>> 3;
    }

    /** The highest bit of each byte that is zero; exact, unlike shorter ways, because the bits are counted. */
    private static long matches(long word) {
        return ~(((word & LOW_BITS) + LOW_BITS) | word) & HIGH_BITS;
    }
}
