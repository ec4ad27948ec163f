/** Call usage: the daily and overall voice and video usage of a phone number, out of its call detail records (CDRs). */
@NullMarked
package dev.tally.calls;

import org.jspecify.annotations.NullMarked;
