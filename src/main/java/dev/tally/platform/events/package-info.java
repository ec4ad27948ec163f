/** How something under way stands, told to clients by server-sent events. */
@NullMarked
package dev.tally.platform.events;

import org.jspecify.annotations.NullMarked;
