package dev.tally.platform.openapi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import dev.tally.platform.security.Scope;

/** The endpoints that the compiled classes have. */
final class Endpoints {
    private static final Set<String> SCOPES = Set.of(Scope.CONSUMER, Scope.ACCOUNTS, Scope.CALLS, Scope.ANALYTICS,
            Scope.INTERACTIONS, Scope.REPORTS);

    private Endpoints() {}

    /** Method and path of each, such as {@code GET /health}; not the pages for people, which produce HTML. */
    static Set<String> of(Path classes) {
        return routes(classes, _ -> true);
    }

    /** Those of them that some API key may reach. */
    static Set<String> openToKeys(Path classes) {
        return routes(classes, method -> roles(method).stream().anyMatch(SCOPES::contains));
    }

    private static Set<String> routes(Path classes, Predicate<JavaMethod> which) {
        return new ClassFileImporter().importPath(classes).stream()
                .filter(type -> !type.isInterface())
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> !isPage(method) && which.test(method))
                .flatMap(method -> httpMethod(method).map(verb -> verb + " " + pathOf(method)).stream())
                .collect(Collectors.toSet());
    }

    private static List<String> roles(JavaMethod method) {
        return method.tryGetAnnotationOfType(RolesAllowed.class)
                .or(() -> method.getOwner().tryGetAnnotationOfType(RolesAllowed.class))
                .map(roles -> List.of(roles.value())).orElse(List.of());
    }

    private static Optional<String> httpMethod(JavaMethod method) {
        return method.getAnnotations().stream()
                .map(annotation -> annotation.getRawType())
                .filter(type -> type.isAnnotatedWith(HttpMethod.class))
                .map(type -> type.getAnnotationOfType(HttpMethod.class).value())
                .findFirst();
    }

    private static boolean isPage(JavaMethod method) {
        return method.tryGetAnnotationOfType(Produces.class)
                .or(() -> method.getOwner().tryGetAnnotationOfType(Produces.class))
                .map(produces -> List.of(produces.value()).stream()
                        .allMatch(type -> type.startsWith(MediaType.TEXT_HTML)))
                .orElse(false);
    }

    private static String pathOf(JavaMethod method) {
        String path = path(method.getOwner()) + method.tryGetAnnotationOfType(jakarta.ws.rs.Path.class)
                .map(annotation -> withSlash(annotation.value())).orElse("");
        // JAX-RS allows a pattern in a template, OpenAPI does not.
        return path.replaceAll("\\{\\s*(\\w+)\\s*:[^}]*}", "{$1}");
    }

    private static String path(JavaClass resource) {
        return resource.tryGetAnnotationOfType(jakarta.ws.rs.Path.class)
                .map(annotation -> withSlash(annotation.value())).orElse("");
    }

    private static String withSlash(String path) {
        String inner = path.replaceAll("^/+|/+$", "");
        return inner.isEmpty() ? "" : "/" + inner;
    }
}
