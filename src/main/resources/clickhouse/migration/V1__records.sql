-- Of several rows with the same key that with the highest version holds; FINAL reads that one only. The version is the
-- number of the load, and within a load the line, so that a load that is sent again changes nothing. The window is a
-- second reason for that: an insert with a token that was seen among the last ones is not made again.
CREATE TABLE IF NOT EXISTS records
(
    canonical_key String,
    name          String,
    email         String,
    phone         String,
    dob           Nullable(Date32),
    version       UInt64,
    -- Of the small letters, as the searches compare; see RecordSql.
    INDEX name_ngrams  replaceAll(lowerUTF8(name), 'ς', 'σ') TYPE ngrambf_v1(3, 16384, 2, 0) GRANULARITY 1,
    INDEX email_ngrams replaceAll(lowerUTF8(email), 'ς', 'σ') TYPE ngrambf_v1(3, 16384, 2, 0) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY canonical_key
SETTINGS non_replicated_deduplication_window = 1000;
