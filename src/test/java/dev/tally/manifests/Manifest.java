package dev.tally.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * One object of a file.
 *
 * @param tree
 *            as it is written
 * @param object
 *            as Kubernetes understands it
 */
record Manifest(String file, ObjectNode tree, HasMetadata object) {
    String name() {
        return object.getMetadata().getName();
    }

    /** Such as {@code Deployment/tally}. */
    String title() {
        return object.getKind() + "/" + name();
    }
}
