package dev.tally.records;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.metering.Meter.Delivery;
import dev.tally.platform.paging.Page;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.problem.ProblemWriter;
import dev.tally.platform.security.Consumer;
import dev.tally.platform.security.Scope;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.TableBytes;
import dev.tally.platform.table.TableFormat;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;

/** Answers consumers, who pay for each answer. */
@Path("/")
@RolesAllowed(Scope.CONSUMER)
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
@RunOnVirtualThread
public class RecordResource {
    private static final String OFFSET = "offset";

    private final RecordService service;
    private final RecordPrices prices;
    private final PaidAnswers paid;
    private final TableBytes tables;
    private final ProblemWriter problems;
    private final RecordsConfig config;

    RecordResource(RecordService service, RecordPrices prices, PaidAnswers paid, TableBytes tables,
            ProblemWriter problems, RecordsConfig config) {
        this.service = service;
        this.prices = prices;
        this.paid = paid;
        this.tables = tables;
        this.problems = problems;
        this.config = config;
    }

    @GET
    @Path("query")
    public Response query(@QueryParam("limit") @Nullable String limit, @QueryParam(OFFSET) @Nullable String offset,
            @QueryParam("after") @Nullable String after, @QueryParam("name_like") @Nullable String nameLike,
            @QueryParam("email_like") @Nullable String emailLike,
            @QueryParam("dry_run") @DefaultValue("false") String dryRun, @Context SecurityContext caller,
            RoutingContext routing) throws InterruptedException {
        TableBytes.Form form = tables.form(routing);
        RecordQuestion question = RecordQuestion.parse(limit, offset, after, nameLike, emailLike, config);
        long credits = prices.ofLimit(question.slice().limit());
        service.requireConfigured();
        if (isDryRun(dryRun)) {
            return price(credits, form, caller);
        }
        return paid.answer(new PaidAnswers.Order(userId(caller), "/query", question.asked(), credits), routing,
                () -> found(question, credits, form, routing)).response();
    }

    private Delivery found(RecordQuestion question, long credits, TableBytes.Form form, RoutingContext routing) {
        RecordService.Found found = service.find(question.search(), question.slice());
        Table table = RecordTables.ofSearch(found.slice().records(), found.total(), credits, found.millis())
                .withHeaders(next(question.slice(), found, routing).map(link -> Map.of("Link", link))
                        .orElse(Map.of()));
        return delivery(table, form, found.slice().records().size(), found.millis());
    }

    /** The link to the next page, unless this is the last. */
    private static Optional<String> next(RecordSlice slice, RecordService.Found found, RoutingContext routing) {
        List<CanonicalRecord> records = found.slice().records();
        return !found.slice().more()
                ? Optional.empty()
                : Optional.of(new Page(slice.limit(), slice.after()).nextLink(
                        Objects.requireNonNullElse(routing.request().path(), ""),
                        withoutOffset(Objects.requireNonNullElse(routing.request().query(), "")),
                        records.getLast().canonicalKey()));
    }

    private static String withoutOffset(String query) {
        return Arrays.stream(query.split("&", -1)).filter(parameter -> !isOffset(parameter))
                .collect(Collectors.joining("&"));
    }

    private static boolean isOffset(String parameter) {
        try {
            return URLDecoder.decode(parameter.split("=", 2)[0], StandardCharsets.UTF_8).equals(OFFSET);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private Response price(long credits, TableBytes.Form form, SecurityContext caller) {
        TableBytes.Whole price = tables.of(RecordTables.ofPrice(credits, paid.available(userId(caller))), form,
                config.maxAnswerBytes());
        return PaidAnswers.answer(new StoredAnswer(200, price.headers(), price.body()), false).response();
    }

    @GET
    @Path("record/{canonical_key}")
    public Response look(@PathParam("canonical_key") String key, @Context SecurityContext caller,
            RoutingContext routing) throws InterruptedException {
        TableBytes.Form form = tables.form(routing);
        if (!RecordParser.isKey(key, config.maxKeyCharacters())) {
            throw new ProblemException(ProblemCode.PARAMETER_INVALID, "A canonical_key has 1 to "
                    + config.maxKeyCharacters() + " characters, and no control characters.");
        }
        service.requireConfigured();
        PaidAnswers.Order order = new PaidAnswers.Order(userId(caller), "/record", Map.of("canonical_key", key),
                RecordPrices.RECORD_CREDITS);
        return paid.answer(order, routing, () -> looked(key, form, routing)).response();
    }

    private Delivery looked(String key, TableBytes.Form form, RoutingContext routing) {
        RecordService.Looked looked = service.find(key);
        return looked.content()
                .map(found -> delivery(
                        RecordTables.ofRecord(found, RecordPrices.RECORD_CREDITS, looked.millis()), form, 1,
                        looked.millis()))
                .orElseGet(() -> missing(routing, looked.millis()));
    }

    /** An answer too: the look-up was made. */
    private Delivery missing(RoutingContext routing, long millis) {
        ProblemException problem = new ProblemException(ProblemCode.RECORD_NOT_FOUND,
                "There is no record with this canonical_key.");
        byte[] document = problems.document(problem, routing).getBytes(StandardCharsets.UTF_8);
        return new Delivery(new StoredAnswer(problem.code().status(),
                Map.of("Content-Type", ProblemWriter.MEDIA_TYPE), document), 0, millis);
    }

    private Delivery delivery(Table table, TableBytes.Form form, long records, long millis) {
        TableBytes.Whole whole = tables.of(table, form, config.maxAnswerBytes());
        return new Delivery(new StoredAnswer(200, whole.headers(), whole.body()), records, millis);
    }

    private static long userId(SecurityContext caller) {
        return ((Consumer) caller.getUserPrincipal()).userId();
    }

    private static boolean isDryRun(String parameter) {
        return switch (parameter) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ProblemException(ProblemCode.PARAMETER_INVALID,
                    "Invalid dry_run. Use true or false.");
        };
    }
}
