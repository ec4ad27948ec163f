/** Lists in pages, each of which costs the same however far down it is. */
@NullMarked
package dev.tally.platform.paging;

import org.jspecify.annotations.NullMarked;
