package dev.tally.platform.table;

import java.lang.reflect.Type;

import jakarta.inject.Inject;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ext.Provider;

import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/**
 * Writes the {@link AwaitedTable} that an endpoint returns, on the event loop if that cannot block it, else on a thread
 * of the pool. Not by way of a {@code Uni}: the framework would take the response's close handler for it, and the access
 * log would not hear of clients that go away.
 */
@Provider
@Produces({TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
public class AwaitedTableWriter extends ConnectionWriter<AwaitedTable> {
    private static final Logger LOG = Logger.getLogger(AwaitedTableWriter.class);

    private final TableAnswers answers;

    @Inject
    AwaitedTableWriter(TableAnswers answers) {
        super(AwaitedTable.class);
        this.answers = answers;
    }

    @Override
    public void writeResponse(AwaitedTable awaited, Type genericType, ServerRequestContext context) {
        ResteasyReactiveRequestContext request = (ResteasyReactiveRequestContext) context;
        RoutingContext routing = request.serverRequest().unwrap(RoutingContext.class);
        request.suspend();
        start(awaited, routing).onComplete(read -> {
            if (routing.response().closed()) {
                LOG.debug("The client went away before its table was read", read.cause());
                request.resume();
            } else if (read.failed()) {
                fail(request, read.cause());
            } else {
                write(read.result(), request, routing);
            }
        });
    }

    /** The response has one close handler, which is the router's; its end handlers hear of the same. */
    private static Future<Table> start(AwaitedTable awaited, RoutingContext routing) {
        try {
            return awaited.reading().start(cancel -> routing.addEndHandler(end -> {
                if (end.failed()) {
                    cancel.run();
                }
            }));
        } catch (RuntimeException fault) {
            return Future.failedFuture(fault);
        }
    }

    private void write(Table table, ResteasyReactiveRequestContext request, RoutingContext routing) {
        try {
            if (answers.writeAtOnce(table, request)) {
                request.resume();
                return;
            }
            // In the request's own context, which the log needs.
            routing.vertx().executeBlocking(() -> {
                answers.write(table, request);
                return table;
            }, false).onComplete(written -> end(request, written));
        } catch (RuntimeException fault) {
            fail(request, fault);
        }
    }

    private static void end(ResteasyReactiveRequestContext request, AsyncResult<Table> written) {
        if (written.failed()) {
            fail(request, written.cause());
        } else {
            request.resume();
        }
    }

    /** As the framework does with a fault that a writer throws; this one comes too late for that. */
    private static void fail(ResteasyReactiveRequestContext request, Throwable fault) {
        request.serverResponse().setPreCommitListener(null);
        request.resume(fault, true);
    }
}
