package dev.tally.platform.postgres;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.tally.platform.postgres.ConnectSettings.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnectOptions;

/**
 * Says to which of several hosts the next connection goes: to the first that answers and is what is asked for, as JDBC's
 * driver does it. It finds out by connecting, which is dear, but connections are few and live long.
 */
final class HostChoice implements Supplier<Future<SqlConnectOptions>> {
    private final Vertx vertx;
    private final List<PgConnectOptions> hosts;
    private final Target target;

    HostChoice(Vertx vertx, ConnectSettings settings) {
        this.vertx = vertx;
        this.hosts = settings.hosts();
        this.target = settings.target();
    }

    @Override
    public Future<SqlConnectOptions> get() {
        if (hosts.size() == 1 && target == Target.ANY) {
            return Future.succeededFuture(hosts.getFirst());
        }
        return switch (target) {
            case PREFER_PRIMARY -> first(0, Target.PRIMARY).recover(_ -> first(0, Target.ANY));
            case PREFER_SECONDARY -> first(0, Target.SECONDARY).recover(_ -> first(0, Target.ANY));
            default -> first(0, target);
        };
    }

    private Future<SqlConnectOptions> first(int index, Target wanted) {
        PgConnectOptions host = hosts.get(index);
        return isWanted(host, wanted).compose(
                good -> good ? Future.succeededFuture(host) : next(index, wanted, new NoSuchServerException()),
                fault -> next(index, wanted, fault));
    }

    private Future<SqlConnectOptions> next(int index, Target wanted, Throwable fault) {
        return index + 1 < hosts.size() ? first(index + 1, wanted) : Future.failedFuture(fault);
    }

    private Future<Boolean> isWanted(PgConnectOptions host, Target wanted) {
        return PgConnection.connect(vertx, host)
                .compose(connection -> (wanted == Target.ANY
                        ? Future.succeededFuture(true)
                        : isPrimary(connection).map(primary -> primary == (wanted == Target.PRIMARY)))
                        .onComplete(_ -> connection.close()))
                // A host that takes connections and says nothing must not keep the others from being asked.
                .timeout(host.getConnectTimeout(), TimeUnit.MILLISECONDS);
    }

    private static Future<Boolean> isPrimary(PgConnection connection) {
        return connection.query("SHOW transaction_read_only").execute()
                .map(rows -> rows.iterator().next().getString(0).equals("off"));
    }

    /** All hosts answer, but none is what was asked for. */
    private static final class NoSuchServerException extends IOException {
        private static final long serialVersionUID = 1;

        NoSuchServerException() {
            super("No host of the URL is a server of its targetServerType");
        }
    }
}
