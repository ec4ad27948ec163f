-- Levels of the log that administrators have changed for a while: every process reads them, and holds to them.
CREATE TABLE platform.log_level (
    category text PRIMARY KEY CHECK (char_length(category) BETWEEN 1 AND 200),
    level    text NOT NULL CHECK (level IN ('error', 'warn', 'info', 'debug')),
    until    timestamptz NOT NULL,
    set_by   text NOT NULL,
    set_at   timestamptz NOT NULL
);
