/** Usage reports of the Gcore cloud, which makes them slowly: as jobs that outlive the process that began them. */
@NullMarked
package dev.tally.reports;

import org.jspecify.annotations.NullMarked;
