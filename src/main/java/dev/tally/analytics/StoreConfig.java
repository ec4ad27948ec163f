package dev.tally.analytics;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * The bounds of what is asked of the store of datasets. Where the store is, and who asks, is {@code quarkus.s3}'s; so are
 * the two time-outs of connections, which application.properties gives to the client, and reports share.
 */
@ConfigMapping(prefix = "tally.analytics.store")
public interface StoreConfig {
    /** The bytes of one ranged GET. */
    @WithDefault("4194304")
    @Min(65_536)
    @Max(268_435_456)
    int partBytes();

    /** How many GETs are under way in the whole process. HEAD and LIST do not wait behind them, nor count. */
    @WithDefault("8")
    @Min(1)
    int maxConnections();

    /**
     * How many parts one reading may hold or fetch at a time: its memory is this times the bytes of a part. Who reads must
     * hold fewer at once, or waits for itself.
     */
    @WithDefault("6")
    @Min(1)
    int partsAhead();

    /** How often a HEAD, a page of a LIST, or a GET is asked for. What a GET has brought before it broke off is kept. */
    @WithDefault("4")
    @Min(1)
    int maxTries();

    /** How long to wait before the second try, at most; twice as long before each further one. */
    @WithDefault("200")
    @Min(1)
    int minBackoffMillis();

    /** The longest wait between two tries. */
    @WithDefault("5000")
    @Min(1)
    int maxBackoffMillis();

    /** How long one request may take to its last byte, however the bytes come. */
    @WithDefault("60000")
    @Min(1)
    int maxRequestMillis();

    /** How long it may take to connect. */
    @Min(1)
    int maxConnectMillis();

    /** How long a connection may say nothing. */
    @Min(1)
    int maxSilenceMillis();

    /** How many keys a prefix may have, those that are left out included. */
    @WithDefault("10000")
    @Min(1)
    int maxObjects();

    /**
     * Whether the MD5 of what was read is compared with the ETag, where that is one: of objects that were stored by a single
     * PUT. It shows what was corrupted on the way where TLS does not; it costs a thread's time, and the whole object is read
     * even when its beginning is known. Not for buckets encrypted with SSE-KMS or SSE-C: there ETags look so, but are none.
     */
    @WithDefault("false")
    boolean verifyMd5();
}
