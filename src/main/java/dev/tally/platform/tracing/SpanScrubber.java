package dev.tally.platform.tracing;

import java.util.Set;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.http.RequestLog;
import dev.tally.platform.security.KeyMask;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.internal.ExtendedSpanProcessor;

/**
 * Takes out of spans what callers send and what we send others: phone numbers, names, keys, addresses. They stand in paths
 * and queries, and a trace goes to people who are not to see them. What is left says which endpoint it was, and what became of
 * it. A span cannot forget an attribute; so it gets another value, as the conventions of OpenTelemetry have it.
 */
@Singleton
class SpanScrubber implements ExtendedSpanProcessor {
    private static final String REDACTED = "REDACTED";
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");
    private static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
    private static final AttributeKey<String> AGENT = AttributeKey.stringKey("user_agent.original");
    private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");
    /** A method that nobody knows is any word. */
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method_original");
    /** Of requests to us what Host, X-Forwarded-Host and X-Forwarded-Proto say, whoever sends them. */
    private static final AttributeKey<String> HOST = AttributeKey.stringKey("server.address");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final Set<String> SCHEMES = Set.of("http", "https");

    @Override
    public void onStart(Context parentContext, ReadWriteSpan span) {
        // The one event for which there is room: exceptions, which libraries add as events, find none.
        span.addEvent("begun");
        @Nullable
        String path = span.getAttribute(PATH);
        if (path != null) {
            span.setAttribute(PATH, KeyMask.mask(RequestLog.loggable(path)));
        }
        @Nullable
        String url = span.getAttribute(URL);
        if (url != null) {
            span.setAttribute(URL, withoutQuery(url));
        }
        redact(span, QUERY);
        redact(span, AGENT);
        redact(span, CLIENT);
        redact(span, METHOD);
        if (span.getKind() == SpanKind.SERVER) {
            redact(span, HOST);
            @Nullable
            String scheme = span.getAttribute(SCHEME);
            if (scheme != null && !SCHEMES.contains(scheme)) {
                span.setAttribute(SCHEME, REDACTED);
            }
        }
    }

    /** Who has called is said only now. The SDK has no other way to reach a span at its end, before others see it. */
    @Override
    public void onEnding(ReadWriteSpan span) {
        if (span.getKind() == SpanKind.SERVER) {
            redact(span, PEER);
        }
    }

    @Override
    public boolean isOnEndingRequired() {
        return true;
    }

    /** Nor with a user, should there be one. */
    private static String withoutQuery(String url) {
        String before = url.replaceFirst("[?#].*$", "");
        return before.replaceFirst("^([a-z]+://)[^/@]*@", "$1");
    }

    private static void redact(ReadWriteSpan span, AttributeKey<String> key) {
        if (span.getAttribute(key) != null) {
            span.setAttribute(key, REDACTED);
        }
    }

    @Override
    public boolean isStartRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        // It cannot be changed any more.
    }

    @Override
    public boolean isEndRequired() {
        return false;
    }
}
