/** What Kubernetes is told of the application, in {@code k8s}: read strictly, and held against the application itself. */
@NullMarked
package dev.tally.manifests;

import org.jspecify.annotations.NullMarked;
