/** The container images and compose.yaml of src/main/docker: read, judged by rules, and run without a container engine. */
@NullMarked
package dev.tally.images;

import org.jspecify.annotations.NullMarked;
