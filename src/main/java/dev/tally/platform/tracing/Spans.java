package dev.tally.platform.tracing;

import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;

/**
 * Spans of what no instrumentation sees. Static, as the context is to which they belong: whoever makes a call need not be
 * handed something for a trace that nearly never is made. Where tracing is off each of these is a look at a field.
 */
public final class Spans {
    /** With which the name of a trace begins that no request began. */
    static final String JOB = "job ";

    private static volatile @Nullable Tracer tracer;

    private Spans() {}

    /** From now on spans are made. */
    static void use(Tracer own) {
        tracer = own;
    }

    /** A call that is under way. */
    public interface Call {
        /** @param fault null when it went well; of it only the name of its class is kept */
        void end(@Nullable Throwable fault);
    }

    /**
     * Calls another service, as part of the trace that is current; without one, only calls it.
     *
     * @param system such as {@code s3}
     * @param operation such as {@code get}; neither a key, nor a number, nor anything of a caller's
     */
    public static <T> T call(String system, String operation, Supplier<T> work) {
        Tracer own = tracer;
        if (own == null || !Span.current().getSpanContext().isSampled()) {
            return work.get();
        }
        return within(own.spanBuilder(system + " " + operation).setSpanKind(SpanKind.CLIENT)
                .setAttribute("peer.service", system).startSpan(), work);
    }

    /** The same of a call whose end comes later, on any thread. */
    public static Call begin(String system, String operation) {
        Tracer own = tracer;
        if (own == null || !Span.current().getSpanContext().isSampled()) {
            return _ -> {};
        }
        Span span = own.spanBuilder(system + " " + operation).setSpanKind(SpanKind.CLIENT)
                .setAttribute("peer.service", system).startSpan();
        return fault -> {
            note(span, fault);
            span.end();
        };
    }

    /** Work for which no request waits: a trace of its own. */
    public static void job(String name, Runnable work) {
        Tracer own = tracer;
        if (own == null) {
            work.run();
            return;
        }
        boolean unused = within(own.spanBuilder(JOB + name).setNoParent().startSpan(), () -> {
            work.run();
            return true;
        });
    }

    /** The same work, for another thread, as part of the trace that is current here. */
    public static Runnable carried(Runnable work) {
        return tracer == null || !Span.current().getSpanContext().isSampled() ? work : Context.current().wrap(work);
    }

    /** Says more about the span that is current. */
    public static void describe(String attribute, String value) {
        if (tracer != null) {
            Span.current().setAttribute(attribute, value);
        }
    }

    /** Where it is: the ids of the trace and of the span that are current, if there are any. */
    public static Optional<SpanContext> current() {
        return tracer == null
                ? Optional.empty()
                : Optional.of(Span.current().getSpanContext()).filter(SpanContext::isValid);
    }

    private static <T> T within(Span span, Supplier<T> work) {
        Throwable fault = null;
        try (Scope _ = span.makeCurrent()) {
            return work.get();
        } catch (RuntimeException | Error e) {
            fault = e;
            throw e;
        } finally {
            note(span, fault);
            span.end();
        }
    }

    /** Not what it says: that may be a row, a number, a key. The log has it, under the id of the trace. */
    private static void note(Span span, @Nullable Throwable fault) {
        if (fault != null) {
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", fault.getClass().getName());
        }
    }
}
