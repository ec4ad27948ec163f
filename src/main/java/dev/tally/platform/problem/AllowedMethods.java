package dev.tally.platform.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

import jakarta.inject.Singleton;

import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.util.RuntimeResourceVisitor;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;

/** The methods of a path, for the header {@code Allow} that a 405 must have (RFC 9110, section 15.5.6). */
@Singleton
class AllowedMethods {
    private final List<Endpoint> endpoints = new ArrayList<>();

    private record Endpoint(String method, List<String> template) {
        boolean hasPath(List<String> path) {
            if (path.size() != template.size()) {
                return false;
            }
            for (int i = 0; i < path.size(); i++) {
                if (!template.get(i).startsWith("{") && !template.get(i).equals(path.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    String of(String path) {
        NavigableSet<String> methods = new TreeSet<>();
        List<String> segments = segments(path);
        endpoints().stream().filter(endpoint -> endpoint.hasPath(segments)).map(Endpoint::method)
                .forEach(methods::add);
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }

    /** Read when first asked for: the endpoints are known only once the application runs. */
    private synchronized List<Endpoint> endpoints() {
        if (endpoints.isEmpty()) {
            RuntimeResourceVisitor.visitRuntimeResources("/",
                    ResteasyReactiveRecorder.getCurrentDeployment().getClassMappers(), new RuntimeResourceVisitor() {
                        @Override
                        public void visitRuntimeResource(String method, String path, RuntimeResource resource) {
                            endpoints.add(new Endpoint(method, segments(path)));
                        }
                    });
        }
        return endpoints;
    }
}
