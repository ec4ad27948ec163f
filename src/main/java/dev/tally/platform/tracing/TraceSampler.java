package dev.tally.platform.tracing;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;

/**
 * Begins a trace with some requests, and with jobs, which say that they are. What is done for nobody, such as to look every
 * few seconds whether there is work, makes none.
 *
 * <p>A caller's {@code traceparent} is taken over, so that its trace goes on here. Whether it is sampled is not the caller's
 * to say unless it is trusted: anybody could have everything recorded. Not by the id of the trace either, which is the
 * caller's too.
 */
@Singleton
class TraceSampler implements Sampler {
    private final TracesConfig config;
    private final TraceBudget budget;
    private final LongSupplier nanoTime;
    private final DoubleSupplier random;

    @Inject
    TraceSampler(TracesConfig config) {
        this(config, System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
    }

    TraceSampler(TracesConfig config, LongSupplier nanoTime, DoubleSupplier random) {
        this.config = config;
        this.budget = new TraceBudget(config.maxPerSecond(), nanoTime.getAsLong());
        this.nanoTime = nanoTime;
        this.random = random;
    }

    @Override
    public SamplingResult shouldSample(Context parentContext, String traceId, String name, SpanKind kind,
            Attributes attributes, List<LinkData> parentLinks) {
        SpanContext parent = Span.fromContext(parentContext).getSpanContext();
        boolean isOurs = parent.isValid() && !parent.isRemote();
        boolean sampled = isOurs ? parent.isSampled() : begins(parent, name, kind);
        return new Result(sampled ? SamplingDecision.RECORD_AND_SAMPLE : SamplingDecision.DROP, config.trustCallers());
    }

    /**
     * What is decided. A stranger's {@code tracestate}, which is any text, does not go on into spans and to others.
     *
     * @param keepsState whether the caller's may
     */
    private record Result(SamplingDecision decision, boolean keepsState) implements SamplingResult {
        @Override
        public SamplingDecision getDecision() {
            return decision;
        }

        @Override
        public Attributes getAttributes() {
            return Attributes.empty();
        }

        @Override
        public TraceState getUpdatedTraceState(TraceState callers) {
            return keepsState ? callers : TraceState.getDefault();
        }
    }

    private boolean begins(SpanContext caller, String name, SpanKind kind) {
        if (kind != SpanKind.SERVER && !name.startsWith(Spans.JOB)) {
            return false;
        }
        boolean asksForIt = caller.isValid() && config.trustCallers();
        boolean wanted = asksForIt ? caller.isSampled() : random.getAsDouble() < config.ratio();
        return wanted && budget.take(nanoTime.getAsLong());
    }

    @Override
    public String getDescription() {
        return "TraceSampler";
    }
}
