package dev.tally.platform.webhook;

import java.util.List;
import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Whom webhooks may be sent to, and their bounds. */
@ConfigMapping(prefix = "tally.webhook")
public interface WebhookConfig {
    /** What they are signed with; without it none are sent. */
    Optional<@Size(min = 32) String> secret();

    /** Names of hosts, or {@code *.example.com} for all that are below one; without it none are sent. */
    Optional<List<String>> allowedHosts();

    /** Ports, or ranges such as {@code 8000-8999}. */
    @WithDefault("443")
    List<@Pattern(regexp = " *[0-9]{1,5}(-[0-9]{1,5})? *") String> allowedPorts();

    /** Whether http is allowed beside https. */
    @WithDefault("false")
    boolean allowHttp();

    /** Whether addresses are called that are not the internet's; anything that a caller names can then be reached. */
    @WithDefault("false")
    boolean allowPrivateAddresses();

    /** How long a URL may be. */
    @WithDefault("2000")
    @Min(100)
    @Max(8_000)
    int maxUrlCharacters();

    /** How large the body of a request may be. */
    @WithDefault("1048576")
    @Min(1_024)
    @Max(16_777_216)
    int maxBodyBytes();

    /** How many are sent at once. */
    @WithDefault("16")
    @Min(1)
    @Max(1_000)
    int maxConcurrent();

    /** How many of them to one host, so that a slow one leaves room for others. */
    @WithDefault("4")
    @Min(1)
    int maxConcurrentPerHost();

    /** How long it may take to connect. */
    @WithDefault("3000")
    @Min(1)
    @Max(30_000)
    int connectTimeoutMillis();

    /** How long all of an attempt may take, from the look-up of the name to the end of the answer. */
    @WithDefault("10000")
    @Min(1)
    @Max(30_000)
    int timeoutMillis();

    /** How long an attempt may be under way before it counts as dead; longer than the time-out and the database need. */
    @WithDefault("90")
    @Min(60)
    int leaseSeconds();

    /** How much of an answer's body is read before it is dropped. */
    @WithDefault("65536")
    @Min(1)
    int maxAnswerBytes();

    Retry retry();

    /** How many deliveries the log of one reference shows. */
    @WithDefault("100")
    @Min(1)
    int maxListed();

    /** How long deliveries are kept. */
    @WithDefault("30")
    @Min(8)
    int retentionDays();

    /** How many old ones are removed by one statement. */
    @WithDefault("1000")
    @Min(1)
    int maxCleanRows();

    /** How many such statements are run in a row. */
    @WithDefault("1000")
    @Min(1)
    int maxCleanBatches();

    /** When to try again. */
    interface Retry {
        /** About how long after the first attempt; the time doubles from there. */
        @WithDefault("10")
        @Min(1)
        @Max(3_600)
        int firstSeconds();

        /** The longest time between two attempts. */
        @WithDefault("3600")
        @Min(1)
        @Max(86_400)
        int maxSeconds();

        /** How long after its event a delivery is tried. */
        @WithDefault("24")
        @Min(1)
        @Max(168)
        int maxHours();
    }
}
