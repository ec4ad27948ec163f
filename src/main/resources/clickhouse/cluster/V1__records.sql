-- As on a single server, but spread: a record is on the shard that its key says, so that all its versions meet there and
-- FINAL sees them together, and on all replicas of that shard. The path has no UUID in it, so that the same statement on a
-- server that comes later makes a replica of what there is. Inserts with a token that was seen are not made again here too.
CREATE TABLE IF NOT EXISTS records_local ON CLUSTER '${cluster}'
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/${database}/records_local', '{replica}', version)
ORDER BY canonical_key
SETTINGS replicated_deduplication_window = 1000;

-- What is asked, and inserted into.
CREATE TABLE IF NOT EXISTS records ON CLUSTER '${cluster}'
(
    canonical_key String,
    name          String,
    email         String,
    phone         String,
    dob           Nullable(Date32),
    version       UInt64
)
ENGINE = Distributed('${cluster}', '${database}', records_local, cityHash64(canonical_key));
