package dev.tally.platform.table;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Numbers, dates and instants as ASCII, written straight into a buffer: the common ones make no object. Each method
 * takes the buffer with room for {@link #MAX_BYTES} and where to write, and returns where its text ends.
 */
final class Numerals {
    /** The longest text of any method here: an instant of the last year that there is. */
    static final int MAX_BYTES = 40;
    static final byte[] NO_BYTES = {};

    private static final int MAX_SCALE = 18;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final long YEAR_0_EPOCH_SECOND = -62_167_219_200L;
    private static final long YEAR_10000_EPOCH_SECOND = 253_402_300_800L;
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final long[] POWERS_OF_TEN = powersOfTen();
    private static final byte[] TENS = new byte[100];
    private static final byte[] ONES = new byte[100];

    static {
        for (int pair = 0; pair < TENS.length; pair++) {
            TENS[pair] = (byte) ('0' + pair / 10);
            ONES[pair] = (byte) ('0' + pair % 10);
        }
    }

    private Numerals() {}

    static int integer(long value, byte[] target, int at) {
        if (value == Long.MIN_VALUE) {
            return ascii(Long.toString(value), target, at);
        }
        int start = at;
        if (value < 0) {
            target[start++] = '-';
        }
        return natural(Math.abs(value), target, start);
    }

    /** Whether {@link #decimal(long, int, byte[], int)} can write it. */
    static boolean fits(long unscaled, int scale) {
        return scale >= 0 && scale <= MAX_SCALE && unscaled != Long.MIN_VALUE;
    }

    /** Without trailing zeros, except one after the point: {@code 290.0}, {@code 290.25}. */
    static int decimal(long unscaled, int scale, byte[] target, int at) {
        int end = at;
        if (unscaled < 0) {
            target[end++] = '-';
        }
        long magnitude = Math.abs(unscaled);
        long power = POWERS_OF_TEN[scale];
        end = natural(magnitude / power, target, end);
        target[end++] = '.';
        long fraction = magnitude % power;
        int digits = scale;
        while (digits > 1 && fraction % 10 == 0) {
            fraction /= 10;
            digits--;
        }
        return padded(fraction, Math.max(digits, 1), target, end);
    }

    /** The same for any decimal. */
    static String plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return (stripped.scale() < 1 ? stripped.setScale(1) : stripped).toPlainString();
    }

    static int date(LocalDate value, byte[] target, int at) {
        int year = value.getYear();
        if (year < 0 || year > 9999) {
            return ascii(value.toString(), target, at);
        }
        pair(year / 100, target, at);
        pair(year % 100, target, at + 2);
        target[at + 4] = '-';
        pair(value.getMonthValue(), target, at + 5);
        target[at + 7] = '-';
        return pair(value.getDayOfMonth(), target, at + 8);
    }

    /** As {@link Instant#toString}: no fraction, or 3, 6 or 9 digits of it. */
    static int instant(Instant value, byte[] target, int at) {
        long epochSecond = value.getEpochSecond();
        if (epochSecond < YEAR_0_EPOCH_SECOND || epochSecond >= YEAR_10000_EPOCH_SECOND) {
            return ascii(value.toString(), target, at);
        }
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(epochSecond, SECONDS_PER_DAY));
        int second = Math.floorMod(epochSecond, SECONDS_PER_DAY);
        int end = date(day, target, at);
        target[end++] = 'T';
        end = pair(second / 3600, target, end);
        target[end++] = ':';
        end = pair(second / 60 % 60, target, end);
        target[end++] = ':';
        end = pair(second % 60, target, end);
        end = fraction(value.getNano(), target, end);
        target[end++] = 'Z';
        return end;
    }

    private static int fraction(int nanos, byte[] target, int at) {
        if (nanos == 0) {
            return at;
        }
        target[at] = '.';
        if (nanos % NANOS_PER_MILLI == 0) {
            return padded(nanos / NANOS_PER_MILLI, 3, target, at + 1);
        }
        if (nanos % NANOS_PER_MICRO == 0) {
            return padded(nanos / NANOS_PER_MICRO, 6, target, at + 1);
        }
        return padded(nanos, 9, target, at + 1);
    }

    private static int pair(int value, byte[] target, int at) {
        target[at] = TENS[value];
        target[at + 1] = ONES[value];
        return at + 2;
    }

    private static int natural(long value, byte[] target, int at) {
        if (value < 10) {
            target[at] = (byte) ('0' + value);
            return at + 1;
        }
        int digits = 2;
        while (digits <= MAX_SCALE && value >= POWERS_OF_TEN[digits]) {
            digits++;
        }
        return padded(value, digits, target, at);
    }

    /** Two digits a step, which halves the divisions: this is where most of a table's bytes come from. */
    private static int padded(long value, int digits, byte[] target, int at) {
        int i = at + digits;
        long large = value;
        while (large > Integer.MAX_VALUE) {
            long tenth = large / 10;
            target[--i] = (byte) ('0' + (large - tenth * 10));
            large = tenth;
        }
        int left = (int) large;
        while (i > at + 1) {
            int hundredth = left / 100;
            i -= 2;
            pair(left - hundredth * 100, target, i);
            left = hundredth;
        }
        if (i > at) {
            target[at] = (byte) ('0' + left);
        }
        return at + digits;
    }

    private static int ascii(String text, byte[] target, int at) {
        for (int i = 0; i < text.length(); i++) {
            target[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }

    private static long[] powersOfTen() {
        long[] powers = new long[MAX_SCALE + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
