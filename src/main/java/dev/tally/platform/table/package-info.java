/**
 * Tables: the one way in which every job answers JSON, CSV and XLSX.
 *
 * <p>A resource returns a {@link dev.tally.platform.table.Table}, whose source writes rows to a
 * {@link dev.tally.platform.table.TableSink} while they come from the database; {@code TableWriter} runs it on the
 * thread of the request. Where the thread must not wait, it returns an
 * {@link dev.tally.platform.table.AwaitedTable}, whose rows are there before the first is written. Cells go as bytes into one buffer. An answer that fits it is sent at once, with its length; a
 * larger one goes out chunk by chunk as the client takes it, and memory stays the same however many rows there are.
 *
 * <ul>
 * <li>In JSON the order of members is always: fields, {@code as_of}, {@code data}, {@code count}, and what stands behind
 * them. The count comes after the rows because it is not known before.
 * <li>A fault before anything was sent becomes a problem. After that the connection is broken off, so that no client
 * takes a part for the whole.
 * <li>The {@code ETag} is made of the request and {@code as_of}. So the rows may depend on nothing else: not on today,
 * nor on who asks. What has the same tag is the same bytes, a workbook too.
 * <li>HEAD runs the source until {@code begin}.
 * <li>An answer that is to be paid for, or kept, is made as a whole first: {@link dev.tally.platform.table.TableBytes}.
 * </ul>
 */
@NullMarked
package dev.tally.platform.table;

import org.jspecify.annotations.NullMarked;
