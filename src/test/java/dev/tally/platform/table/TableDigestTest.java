package dev.tally.platform.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TableDigestTest {
    private final TableDigest digest = new TableDigest(new BufferPool(4096, 2));

    @Provide
    Arbitrary<Rows> rows() {
        return RandomRows.rows();
    }

    @Property(tries = 300)
    void isThatOfTheCsv(@ForAll("rows") Rows rows) throws NoSuchAlgorithmException {
        byte[] csv = rows.csv(false);

        TableDigest.Digest found = digest.of(rows.table());

        String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(csv));
        assertThat(found).isEqualTo(new TableDigest.Digest(rows.cells().size(), csv.length, sha256));
    }

    @Example
    void isOfWholeTablesOnly() {
        Table broken = new Table("t", Table.Layout.LIST, List.of(), false, List.of(Column.integer("n")), sink -> {
            sink.begin(null);
            throw new IllegalArgumentException("The source broke, as it was asked to");
        });
        Table halfARow = new Table("t", Table.Layout.LIST, List.of(), false,
                List.of(Column.integer("n"), Column.integer("m")), sink -> {
                    sink.begin(null);
                    sink.integer(1);
                });

        assertThatThrownBy(() -> digest.of(broken)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> digest.of(halfARow)).isInstanceOf(IllegalStateException.class);
    }
}
