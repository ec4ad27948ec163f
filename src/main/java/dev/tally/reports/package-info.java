/** Usage reports that Gcore generates: asked for, followed, downloaded, delivered. */
@NullMarked
package dev.tally.reports;

import org.jspecify.annotations.NullMarked;
