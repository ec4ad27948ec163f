package dev.tally.platform.table;

import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;

import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;

/** Writes what an endpoint returns to the connection itself, not to the framework's stream. */
abstract class ConnectionWriter<T> implements ServerMessageBodyWriter<T> {
    private final Class<T> written;

    ConnectionWriter(Class<T> written) {
        this.written = written;
    }

    @Override
    public final boolean isWriteable(Class<?> type, Type genericType, ResteasyReactiveResourceInfo target,
            MediaType mediaType) {
        return written.isAssignableFrom(type);
    }

    @Override
    public final boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return written.isAssignableFrom(type);
    }

    @Override
    public final void writeTo(T entity, Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType,
            MultivaluedMap<String, Object> headers, OutputStream stream) {
        throw new UnsupportedOperationException("A table is written to a connection, which a stream is not");
    }
}
