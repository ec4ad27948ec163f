package dev.tally.interactions;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** Files that are no workbooks, or ones that were made to hurt. */
final class HostileWorkbooks {
    private HostileWorkbooks() {}

    /** Writes an entry of an archive. */
    @FunctionalInterface
    interface Entry {
        void writeTo(OutputStream out) throws IOException;

        static Entry of(String text) {
            return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
        }

        /** So many bytes of the same kind between two texts. */
        static Entry flood(String start, char c, long count, String end) {
            return out -> {
                out.write(start.getBytes(StandardCharsets.UTF_8));
                byte[] block = String.valueOf(c).repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
                for (long left = count; left > 0; left -= block.length) {
                    out.write(block, 0, (int) Math.min(left, block.length));
                }
                out.write(end.getBytes(StandardCharsets.UTF_8));
            };
        }
    }

    /** The entries of a good workbook, to be changed. */
    static Map<String, Entry> entries(byte[] workbook) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        try {
            Path file = Files.write(Files.createTempFile(Path.of("target"), "workbook", ".xlsx"), workbook);
            // By its list at the end: the entries of a workbook do not say how long they are.
            try (ZipFile archive = new ZipFile(file.toFile())) {
                for (ZipEntry entry : Collections.list(archive.entries())) {
                    byte[] bytes = archive.getInputStream(entry).readAllBytes();
                    entries.put(entry.getName(), out -> out.write(bytes));
                }
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    static byte[] archive(Map<String, Entry> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                entry.getValue().writeTo(out);
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A good workbook with one entry in place of another, or beside the others. */
    static byte[] with(String name, Entry entry) {
        Map<String, Entry> entries = entries(Workbooks.contract().bytes());
        entries.put(name, entry);
        return archive(entries);
    }

    static byte[] without(String name) {
        Map<String, Entry> entries = entries(Workbooks.contract().bytes());
        entries.remove(name);
        return archive(entries);
    }

    /** An old container of Office with one stream of that name. */
    static byte[] container(String stream) {
        try (POIFSFileSystem container = new POIFSFileSystem()) {
            container.createDocument(new ByteArrayInputStream(new byte[5_000]), stream);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            container.writeFilesystem(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sheet with these rows, as Excel would write it. */
    static String sheet(String rows) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
                + "<sheetData>" + rows + "</sheetData></worksheet>";
    }
}
