package dev.tally.platform.security;

import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

import io.quarkus.logging.LoggingFilter;

/**
 * Leaves of each API key in a log line only its start. No code logs keys; but callers put them where they do not belong,
 * such as into a path, and what a library writes about a request it cannot read is not ours to choose.
 */
@LoggingFilter(name = "api-keys")
public final class KeyMask implements Filter {
    /** By which a line without a key is known quickly. */
    private static final String PREFIX = "tly";
    /**
     * Also as it stands in a URL, and as the log of requests leaves it, which makes long numbers stars. What is shorter is a
     * word that ends so, or too little of a key to find the rest.
     */
    private static final Pattern KEY = Pattern.compile("tly(_|%5[Ff])([0-9A-Za-z*]{4})[0-9A-Za-z*]{12,}");
    /** Only puts parameters into messages, as every handler's formatter does. */
    private static final Formatter MESSAGES = new PatternFormatter("%s");
    private static final int MAX_CAUSES = 20;

    /** Lets every line pass. */
    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord own) {
            String message = MESSAGES.formatMessage(own);
            if (message != null && message.contains(PREFIX)) {
                own.setMessage(mask(message), ExtLogRecord.FormatStyle.NO_FORMAT);
            }
            Map<String, String> mdc = own.getMdcCopy();
            if (mdc.values().stream().anyMatch(value -> value.contains(PREFIX))) {
                Map<String, String> masked = new TreeMap<>(mdc);
                masked.replaceAll((_, value) -> mask(value));
                own.setMdc(masked);
            }
        }
        Throwable fault = record.getThrown();
        if (fault != null && mentionsKey(fault, 0)) {
            record.setThrown(new MaskedException(fault, 0));
        }
        return true;
    }

    /** The text, of each API key in it only the start. */
    public static String mask(String text) {
        return text.contains(PREFIX) ? KEY.matcher(text).replaceAll("tly$1$2…") : text;
    }

    private static boolean mentionsKey(Throwable fault, int depth) {
        if (fault.toString().contains(PREFIX)) {
            return true;
        }
        if (depth == MAX_CAUSES) {
            return false;
        }
        for (Throwable suppressed : fault.getSuppressed()) {
            if (mentionsKey(suppressed, depth + 1)) {
                return true;
            }
        }
        Throwable cause = fault.getCause();
        return cause != null && mentionsKey(cause, depth + 1);
    }

    /** Reads in the log as the fault that it stands for. */
    @SuppressWarnings("OverrideThrowableToString") // It has the name of the other's class.
    private static final class MaskedException extends Exception {
        private static final long serialVersionUID = 1;

        private final String text;

        MaskedException(Throwable fault, int depth) {
            super(mask(String.valueOf(fault.getMessage())), cause(fault, depth));
            text = mask(fault.toString());
            setStackTrace(fault.getStackTrace());
            if (depth < MAX_CAUSES) {
                for (Throwable suppressed : fault.getSuppressed()) {
                    addSuppressed(new MaskedException(suppressed, depth + 1));
                }
            }
        }

        private static @Nullable Throwable cause(Throwable fault, int depth) {
            Throwable cause = fault.getCause();
            return cause == null || depth == MAX_CAUSES ? null : new MaskedException(cause, depth + 1);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
