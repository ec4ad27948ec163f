package dev.tally.testsupport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.formatters.PatternFormatter;

/** What a category logs at any level, stack traces included. */
public final class LogLines extends Handler implements AutoCloseable {
    private final PatternFormatter formatter = new PatternFormatter("%s%e");
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogLines(Logger logger) {
        this.logger = logger;
    }

    /** Of a category, until this is closed. */
    public static LogLines of(String category) {
        LogLines log = new LogLines(Logger.getLogger(category));
        log.setLevel(Level.ALL);
        log.logger.setLevel(Level.ALL);
        log.logger.addHandler(log);
        return log;
    }

    public List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord logged) {
        lines.add(formatter.format(logged));
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(null);
    }
}
