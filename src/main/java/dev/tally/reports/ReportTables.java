package dev.tally.reports;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import de.siegmar.fastcsv.reader.CsvRecord;
import dev.tally.platform.table.Column;
import dev.tally.platform.table.ColumnType;
import dev.tally.platform.table.Field;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.TableSink;

/** The rows of a job as a table: those of its parts one after another, in the columns of all of them. */
@ApplicationScoped
class ReportTables {
    private static final int VERSION_DIGITS = 15;
    private static final int HEX = 16;

    private final ReportResults results;
    private final ReportsConfig config;

    ReportTables(ReportResults results, ReportsConfig config) {
        this.results = results;
        this.config = config;
    }

    /**
     * @param job its parts have rows, or some of them
     * @param fields what stands beside the rows in JSON
     */
    Table table(ReportJob job, Table.Layout layout, List<Field> fields) {
        ReportOrder order = job.order();
        String name = "report-" + order.scope().text() + "-" + order.startDate() + "-" + order.endDate();
        List<Column> columns = columns(job);
        return new Table(name, layout, fields, false, columns, sink -> write(job, columns, sink));
    }

    /** The known ones, which every part has, then the others as they first come. */
    private static List<Column> columns(ReportJob job) {
        Set<String> names = new LinkedHashSet<>();
        for (ReportColumn known : ReportColumn.values()) {
            names.add(known.title());
        }
        job.parts().forEach(part -> part.rows().ifPresent(rows -> names.addAll(rows.header())));
        return names.stream().map(ReportColumn::column).toList();
    }

    private void write(ReportJob job, List<Column> columns, TableSink sink) {
        // The hash says which rows these are, and the end of the job since when.
        long version = job.result().map(result -> Long.parseLong(result.sha256(), 0, VERSION_DIGITS, HEX)).orElse(0L);
        if (!sink.begin(job.endedAt().orElse(null), version)) {
            return;
        }
        for (ReportPart part : job.parts()) {
            part.rows().ifPresent(rows -> {
                Cells cells = Cells.of(columns, rows.header());
                long[] count = {0};
                PackedRows.read(results.open(part), config.results(), row -> {
                    cells.write(row, sink);
                    count[0]++;
                });
                PackedRows.requireCount(rows.count(), count[0], rows.header());
            });
        }
    }

    /** How the cells of a part's rows get into the table's columns. */
    private static final class Cells {
        private final List<ColumnType> types;
        /** For each column of the table the place in the part's rows, or -1. */
        private final int[] sources;

        private Cells(List<ColumnType> types, int[] sources) {
            this.types = types;
            this.sources = sources;
        }

        static Cells of(List<Column> columns, List<String> header) {
            List<ColumnType> types = new ArrayList<>();
            int[] sources = new int[columns.size()];
            for (int i = 0; i < sources.length; i++) {
                types.add(columns.get(i).type());
                sources[i] = header.indexOf(columns.get(i).name());
            }
            return new Cells(types, sources);
        }

        void write(CsvRecord row, TableSink sink) {
            for (int i = 0; i < sources.length; i++) {
                if (sources[i] < 0 || row.getField(sources[i]).isEmpty()) {
                    sink.absent();
                } else if (types.get(i) == ColumnType.NUMERAL) {
                    sink.numeral(row.getField(sources[i]));
                } else {
                    sink.text(row.getField(sources[i]));
                }
            }
            sink.endRow();
        }
    }
}
