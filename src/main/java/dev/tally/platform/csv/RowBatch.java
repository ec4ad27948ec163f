package dev.tally.platform.csv;

/**
 * Rows that {@link CsvScanner} found, as positions in the bytes that it scanned: nothing is copied. A batch is filled again
 * and again.
 */
public final class RowBatch {
    /** How many rows a batch of the usual size holds: few enough that their positions stay in the processor's cache. */
    public static final int USUAL_ROWS = 1024;

    final int maxRows;
    final int[] rowStarts;
    /** By column, then by row. */
    final int[][] starts;
    final int[][] ends;
    int rows;
    int misfits;
    long lineBreaks;
    int longestBytes;
    int longestStart;
    final Misfit[] firstMisfits;

    /**
     * @param columns how many columns are wanted
     * @param maxMisfits how many rows that do not fit are told of singly
     */
    public RowBatch(int maxRows, int columns, int maxMisfits) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("A batch holds a row");
        }
        this.maxRows = maxRows;
        this.rowStarts = new int[maxRows];
        this.starts = new int[columns][maxRows];
        this.ends = new int[columns][maxRows];
        this.firstMisfits = new Misfit[maxMisfits];
    }

    /** Why a row does not fit. */
    public enum Fault {
        /** More or fewer fields than columns. */
        NUMBER_OF_FIELDS,
        /** Something stands between a closing quotation mark and the end of its field. */
        TEXT_AFTER_QUOTE,
        /** The input ends within quotation marks. */
        OPEN_QUOTE
    }

    /**
     * A row that does not fit.
     *
     * @param start where it begins
     * @param fields how many it has
     */
    public record Misfit(int start, Fault fault, int fields) {}

    void clear() {
        rows = 0;
        misfits = 0;
        lineBreaks = 0;
        longestBytes = 0;
    }

    void measure(int start, int end) {
        if (end - start > longestBytes) {
            longestBytes = end - start;
            longestStart = start;
        }
    }

    void addMisfit(int start, Fault fault, int fields) {
        if (misfits < firstMisfits.length) {
            firstMisfits[misfits] = new Misfit(start, fault, fields);
        }
        misfits++;
    }

    /** How many rows fit; their positions are in the batch. */
    public int rows() {
        return rows;
    }

    /** Whether the scan ended because there is no room for another row. */
    public boolean isFull() {
        return rows == maxRows;
    }

    /** How many rows do not fit. */
    public int misfits() {
        return misfits;
    }

    /** One of the first rows that do not fit. */
    public Misfit misfit(int i) {
        return firstMisfits[i];
    }

    /** How many line feeds are in what was consumed, those within quotation marks included. */
    public long lineBreaks() {
        return lineBreaks;
    }

    /** How many bytes the longest record has, whether it fits or not, without its line break. */
    public int longestBytes() {
        return longestBytes;
    }

    /** Where the longest record begins. */
    public int longestStart() {
        return longestStart;
    }

    /** Where each row begins. Not to be changed. */
    public int[] rowStarts() {
        return rowStarts;
    }

    /** Where the fields of a wanted column begin, by row; without the quotation mark. Not to be changed. */
    public int[] starts(int column) {
        return starts[column];
    }

    /**
     * Where the fields of a wanted column end, by row; exclusive, without the quotation mark. The complement ({@code ~}) when
     * quotation marks in the field are doubled, which makes it negative. Not to be changed.
     */
    public int[] ends(int column) {
        return ends[column];
    }
}
