package dev.tally.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import dev.tally.calls.DailySql;
import dev.tally.local.LocalPostgres;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;

/**
 * What a daily answer costs at least on this platform: a bare Vert.x server with Vert.x's own PostgreSQL client, the
 * same SQL and the same bytes of JSON, and nothing else: no log-in, no checks, no headers, no log, no metrics. An event
 * loop for each processor, each with its own connections, so that no request changes its thread.
 */
public final class VertxPeer extends AbstractVerticle {
    private static final String SQL = DailySql.numbered();
    private static final JsonFactory JSON = new JsonFactory();
    private static final int USUAL_BYTES = 32 * 1024;

    private final int port;
    private final PgConnectOptions connectOptions;

    private VertxPeer(int port, PgConnectOptions connectOptions) {
        this.port = port;
        this.connectOptions = connectOptions;
    }

    /** Takes its port, that of PostgreSQL, and the name of the database. */
    public static void main(String[] arguments) {
        PgConnectOptions options = new PgConnectOptions().setHost(ServerProcess.HOST)
                .setPort(Integer.parseInt(arguments[1])).setDatabase(arguments[2]).setUser(LocalPostgres.USER)
                .setPassword("none").setCachePreparedStatements(true);
        Vertx.vertx().deployVerticle(() -> new VertxPeer(Integer.parseInt(arguments[0]), options),
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()))
                .onFailure(Throwable::printStackTrace);
    }

    @Override
    public void start(Promise<Void> started) {
        SqlClient client = PgBuilder.pool().with(new PoolOptions()).connectingTo(connectOptions).using(vertx).build();
        vertx.createHttpServer().requestHandler(request -> {
            String path = Objects.requireNonNull(request.path());
            if (path.equals("/health")) {
                request.response().end();
            } else {
                answer(request, path.substring(path.lastIndexOf('/') + 1), client);
            }
        }).listen(port, ServerProcess.HOST).<Void>mapEmpty().onComplete(started);
    }

    private static void answer(HttpServerRequest request, String msisdn, SqlClient client) {
        LocalDate first = LocalDate.parse(request.getParam("start_date"));
        LocalDate last = LocalDate.parse(request.getParam("end_date"));
        client.preparedQuery(SQL).execute(Tuple.of(first, last, msisdn))
                .map(rows -> json(rows, msisdn, first, last))
                .onSuccess(body -> request.response().putHeader("Content-Type", "application/json").end(body))
                .onFailure(fault -> request.response().setStatusCode(500).end());
    }

    private static Buffer json(RowSet<Row> rows, String msisdn, LocalDate first, LocalDate last) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            int count = 0;
            json.writeStartObject();
            json.writeStringField("msisdn", msisdn);
            json.writeStringField("start_date", first.toString());
            json.writeStringField("end_date", last.toString());
            json.writeStringField("zone", "UTC");
            json.writeFieldName("as_of");
            json.writeString(asOf(rows));
            json.writeArrayFieldStart("data");
            for (Row row : rows) {
                if (row.getInteger(0) != null) {
                    writeDay(json, row);
                    count++;
                }
            }
            json.writeEndArray();
            json.writeNumberField("count", count);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    private static @Nullable String asOf(RowSet<Row> rows) {
        for (Row row : rows) {
            OffsetDateTime changedAt = Objects.requireNonNull(row.getOffsetDateTime(7));
            return changedAt.toInstant().toString();
        }
        return null;
    }

    /** Columns by their place: UsageSql names them in this order. */
    private static void writeDay(JsonGenerator json, Row row) throws IOException {
        long voiceCalls = row.getLong(1);
        long videoCalls = row.getLong(2);
        long voiceSeconds = row.getLong(3);
        long videoSeconds = row.getLong(4);
        long calls = voiceCalls + videoCalls;
        long hundredths = ((voiceSeconds + videoSeconds) * 200 + calls) / (2 * calls);
        json.writeStartObject();
        json.writeStringField("date", LocalDate.ofEpochDay(row.getInteger(0)).toString());
        json.writeNumberField("total_calls", calls);
        json.writeNumberField("voice_calls", voiceCalls);
        json.writeNumberField("video_calls", videoCalls);
        json.writeNumberField("total_duration_seconds", voiceSeconds + videoSeconds);
        json.writeNumberField("voice_duration_seconds", voiceSeconds);
        json.writeNumberField("video_duration_seconds", videoSeconds);
        json.writeNumberField("avg_duration_seconds", hundredths / 100.0);
        json.writeNumberField("min_duration_seconds", row.getInteger(5));
        json.writeNumberField("max_duration_seconds", row.getInteger(6));
        json.writeEndObject();
    }
}
