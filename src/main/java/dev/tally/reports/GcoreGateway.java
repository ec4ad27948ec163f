package dev.tally.reports;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import dev.tally.reports.GcoreException.Kind;
import dev.tally.reports.GcoreJson.Feature;
import dev.tally.reports.GcoreJson.Page;
import io.micrometer.core.instrument.MeterRegistry;

/** Gcore's reports. Every failure is a {@link GcoreException}; nothing here may be called on an event loop. */
@ApplicationScoped
class GcoreGateway {
    private static final Logger LOG = Logger.getLogger(GcoreGateway.class);
    private static final String TEMPLATE = "ResellerStatistics";
    private static final List<String> GROUP_BY = List.of("client");
    private static final String FORMAT = "csv";
    private static final int PAGE_SIZE = 100;

    private final GcoreConfig config;
    private final Clock clock;
    private final GcoreApi api;
    private final GcoreCalls calls;
    private final GcoreToken token;
    private final SharedCall<Features> featuresCall = new SharedCall<>("gcore-features", this::freshFeatures);
    private volatile @Nullable Features features;

    /** The features of each product, and how long they are taken for true. */
    private record Features(Map<Product, SortedSet<Integer>> of, Instant end) {}

    @Inject
    GcoreGateway(GcoreConfig config, Clock clock, MeterRegistry registry) {
        this(config, clock, registry, Thread::sleep);
    }

    GcoreGateway(GcoreConfig config, Clock clock, MeterRegistry registry, GcoreCalls.Waiter waiter) {
        this.config = config;
        this.clock = clock;
        this.api = GcoreApi.connect(config);
        this.calls = new GcoreCalls(config, clock, registry, waiter);
        this.token = new GcoreToken(config, clock, new ApiLogIn(), registry);
    }

    @PreDestroy
    void close() {
        try {
            api.close();
        } catch (IOException e) {
            LOG.warn("The client of Gcore did not end well", e);
        }
    }

    /** Whether an account is configured. Without one everything here fails with {@link Kind#LOGIN_REFUSED}. */
    boolean isConfigured() {
        return GcoreToken.isConfigured(config);
    }

    /** The ids of a product's features; empty when it has none. */
    SortedSet<Integer> features(Product product) {
        Features known = features;
        Features current = known != null && clock.instant().isBefore(known.end) ? known : featuresCall.await();
        return current.of.getOrDefault(product, Collections.emptySortedSet());
    }

    /**
     * Starts a report, once: what may have happened is not tried again.
     *
     * @throws GcoreException with {@code mayHaveHappened} when nobody knows whether there is a report now
     */
    GcoreReport start(ReportParameters parameters) {
        GcoreApi.NewReport body = new GcoreApi.NewReport(TEMPLATE,
                new GcoreApi.Parameters(parameters.dateFrom().toString(), parameters.dateTo().toString(),
                        parameters.features(), GROUP_BY));
        return authorized(header -> calls.retried(GcoreOperation.START,
                () -> GcoreJson.report(api.start(header, config.generation().start(), body))));
    }

    /** How a report is, in a single attempt: who follows a report asks again anyway. */
    GcoreReport status(UUID report) {
        return authorized(header -> calls.once(GcoreOperation.STATUS,
                () -> GcoreJson.report(api.status(header, config.generation().reports(), report))));
    }

    /**
     * The reports that were started since then, the newest first.
     *
     * @throws GcoreException with {@link Kind#UNAVAILABLE} also when they are too many, or change while they are read
     */
    List<GcoreReport> startedSince(Instant since) {
        Map<UUID, GcoreReport> reports = new LinkedHashMap<>();
        readPages(GcoreOperation.LIST,
                Map.of("ordering", "-created_at", "limit", Integer.toString(PAGE_SIZE), "offset", "0"),
                (header, query) -> api.list(header, config.generation().reports(), query),
                page -> {
                    List<GcoreReport> listed = page.results().stream().map(GcoreJson::report).toList();
                    listed.forEach(report -> reports.putIfAbsent(report.uuid(), report));
                    return isNewestFirst(listed)
                            && listed.stream().anyMatch(report -> report.createdAt().isBefore(since));
                });
        return reports.values().stream().filter(report -> !report.createdAt().isBefore(since)).toList();
    }

    /**
     * The rows of a completed report as CSV, read while they come.
     *
     * @param reader reads the bytes and gives its result; it may throw what it likes
     * @throws GcoreException with {@link Kind#UNAVAILABLE} when they broke off, whatever the reader made of that
     */
    <T> T download(UUID report, Function<InputStream, T> reader) {
        return authorized(header -> calls.download(GcoreOperation.DOWNLOAD,
                () -> GcoreApi.rows(api.download(header, config.generation().reports(), report, FORMAT)), reader));
    }

    /** Deletes a report; it need not be there. */
    void delete(UUID report) {
        try {
            authorized(header -> calls.retried(GcoreOperation.DELETE, () -> {
                api.delete(header, config.generation().reports(), report);
                return report;
            }));
        } catch (GcoreException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private Features freshFeatures() {
        Features known = features;
        Instant now = clock.instant();
        if (known != null && now.isBefore(known.end)) {
            return known;
        }
        List<Feature> all = new ArrayList<>();
        readPages(GcoreOperation.FEATURES, Map.of("limit", Integer.toString(PAGE_SIZE)), api::features, page -> {
            page.results().forEach(feature -> all.add(GcoreJson.feature(feature)));
            return false;
        });
        Map<Product, SortedSet<Integer>> byProduct = new EnumMap<>(Product.class);
        for (Product product : Product.values()) {
            SortedSet<Integer> ids = new TreeSet<>();
            all.stream().filter(feature -> feature.productName().equalsIgnoreCase(product.gcoreName()))
                    .forEach(feature -> ids.add(feature.id()));
            byProduct.put(product, Collections.unmodifiableSortedSet(ids));
        }
        Features fresh = new Features(byProduct, now.plus(Duration.ofSeconds(config.featuresCacheSeconds())));
        features = fresh;
        return fresh;
    }

    /** A request for one page of a list. */
    private interface PageCall {
        JsonNode send(String header, Map<String, String> query);
    }

    /**
     * Reads a list to its end, or until a page is the last that matters. A part is never taken for the whole.
     *
     * @param isLast takes a page and says whether the rest does not matter
     */
    private void readPages(GcoreOperation operation, Map<String, String> first, PageCall call,
            Predicate<Page> isLast) {
        Map<String, String> query = first;
        int count = 0;
        for (int pages = 1; pages <= config.maxListPages(); pages++) {
            Map<String, String> asked = query;
            Page page = authorized(header -> calls.retried(operation,
                    () -> GcoreJson.page(call.send(header, asked))));
            if (page.count().orElse(count) < count) {
                // Something was deleted, so that an entry may have moved from the next page to one that was read.
                throw incomplete("Gcore's list changed while it was read.");
            }
            count = page.count().orElse(count);
            if (isLast.test(page) || page.next().isEmpty()) {
                return;
            }
            query = query(page.next().get());
        }
        throw incomplete("Gcore's list is longer than this service reads.");
    }

    private static GcoreException incomplete(String sentence) {
        return GcoreException.unavailable(sentence, Optional.empty(), null);
    }

    /** Of a page's address only the query: the token goes nowhere but to the configured host. */
    private static Map<String, String> query(String next) {
        Map<String, String> query = new HashMap<>();
        try {
            String raw = Optional.ofNullable(new URI(next).getRawQuery()).orElse("");
            for (String part : raw.split("&", -1)) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    query.put(URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
                            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
                }
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw GcoreException.unavailable("Gcore's list goes on at no address.", Optional.empty(), e);
        }
        return query;
    }

    private static boolean isNewestFirst(List<GcoreReport> reports) {
        for (int index = 1; index < reports.size(); index++) {
            if (reports.get(index).createdAt().isAfter(reports.get(index - 1).createdAt())) {
                return false;
            }
        }
        return true;
    }

    /** Makes requests with the token, and once more with another when Gcore does not accept it. */
    private <T> T authorized(Function<String, T> requests) {
        String header = token.header();
        try {
            return requests.apply(header);
        } catch (GcoreException e) {
            if (e.kind() != Kind.LOGIN_REFUSED) {
                throw e;
            }
            LOG.debug("Gcore does not accept a token any more", e);
            return requests.apply(token.after(header));
        }
    }

    private final class ApiLogIn implements GcoreToken.LogIn {
        @Override
        public TokenPair logIn() {
            return tokens(GcoreOperation.LOGIN, () -> api.logIn(
                    new GcoreApi.Credentials(config.username().orElseThrow(), config.password().orElseThrow())));
        }

        @Override
        public TokenPair refresh(String refreshToken) {
            return tokens(GcoreOperation.REFRESH, () -> api.refresh(new GcoreApi.Refresh(refreshToken)));
        }

        private TokenPair tokens(GcoreOperation operation, Supplier<JsonNode> request) {
            return calls.retried(operation, () -> GcoreJson.tokens(request.get()));
        }
    }
}
