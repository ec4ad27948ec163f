package dev.tally.interactions;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.jspecify.annotations.Nullable;
import org.xml.sax.ContentHandler;

import dev.tally.interactions.WorkbookParts.ContentTypes;
import dev.tally.interactions.WorkbookParts.Contents;
import dev.tally.interactions.WorkbookParts.Relationship;
import dev.tally.interactions.WorkbookParts.Relationships;
import dev.tally.platform.http.BoundedInputStream;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * A workbook of Excel (Office Open XML, ECMA-376) on disk, read in constant memory: its parts as streams of events. POI's
 * model of packages is not used: it holds some parts whole, however large a hostile file makes them (ADR 4).
 */
final class WorkbookFile implements AutoCloseable {
    /** Up to this many unpacked bytes of an entry, the ratio says nothing. */
    private static final int RATIO_GRACE_BYTES = 100 * 1024;
    private static final String CONTENT_TYPES = "[Content_Types].xml";

    private final ZipFile archive;
    private final InteractionsConfig.Import bounds;
    private final ReadBudget budget;
    private final List<Sheet> sheets = new ArrayList<>();
    private final List<Relationship> parts = new ArrayList<>();
    private final DateStyles styles = new DateStyles();
    private final SharedStrings strings;
    private boolean since1904;

    /**
     * @param name as people see it on the sheet's tab
     * @param part the sheet's part in the archive
     */
    record Sheet(String name, String part) {}

    private WorkbookFile(ZipFile archive, InteractionsConfig.Import bounds, ReadBudget budget) {
        this.archive = archive;
        this.bounds = bounds;
        this.budget = budget;
        this.strings = new SharedStrings(bounds.maxSharedCharacters());
    }

    /**
     * Opens a workbook and finds its sheets.
     *
     * @throws ProblemException when the file is no workbook, or one that is not read, or breaks a bound
     */
    static WorkbookFile open(Path file, InteractionsConfig.Import bounds, ReadBudget budget) {
        FileKinds.requireWorkbook(file);
        WorkbookFile workbook;
        try {
            workbook = new WorkbookFile(ArchiveEnd.open(file, bounds.maxEntries()), bounds, budget);
        } catch (IOException e) {
            throw damaged("The workbook is damaged or breaks off: its archive cannot be read.", e);
        }
        try {
            workbook.checkEntries();
            workbook.findSheets();
            return workbook;
        } catch (RuntimeException e) {
            workbook.close();
            throw e;
        }
    }

    List<Sheet> sheets() {
        return Collections.unmodifiableList(sheets);
    }

    /** Whether its days are counted from 1904, as Excel for the Macintosh did, not from 1900. */
    boolean isSince1904() {
        return since1904;
    }

    /** How many bytes the sheets have when unpacked, as the archive says; it may be wrong. */
    long unpackedBytes(List<Sheet> some) {
        return some.stream().mapToLong(sheet -> archive.getEntry(sheet.part()).getSize()).sum();
    }

    /** Reads what the cells of all sheets refer to. Once, before any sheet. */
    void readSharedParts() {
        find(sharedPart("styles"), styles);
        find(sharedPart("sharedStrings"), strings);
    }

    void read(Sheet sheet, SheetReader.RowHandler rows) {
        parse(sheet.part(), new SheetReader(strings, styles, rows));
    }

    private @Nullable String sharedPart(String type) {
        return parts.stream().filter(part -> part.type().equals(type)).map(Relationship::target).findFirst()
                .orElse(null);
    }

    private void find(@Nullable String part, ContentHandler handler) {
        if (part != null && archive.getEntry(part) != null) {
            parse(part, handler);
        }
    }

    private void checkEntries() {
        int count = 0;
        for (ZipEntry entry : Collections.list(archive.entries())) {
            if (++count > bounds.maxEntries()) {
                throw new ProblemException(ProblemCode.WORKBOOK_TOO_LARGE,
                        "The workbook holds more than " + bounds.maxEntries() + " files.");
            }
            if (entry.getName().endsWith("vbaProject.bin")) {
                throw macros();
            }
        }
        if (archive.getEntry(CONTENT_TYPES) == null) {
            throw noWorkbook();
        }
    }

    private void findSheets() {
        ContentTypes types = new ContentTypes();
        parse(CONTENT_TYPES, types);
        Relationships own = new Relationships("");
        find("_rels/.rels", own);
        String book = own.found().stream().filter(part -> part.type().equals("officeDocument"))
                .map(Relationship::target).findFirst().orElseThrow(WorkbookFile::noWorkbook);
        checkType(types.of(book));
        Relationships relationships = new Relationships(book);
        find(relationshipsOf(book), relationships);
        parts.addAll(relationships.found());
        Contents contents = new Contents();
        find(book, contents);
        since1904 = contents.isSince1904();
        Map<String, String> worksheets = parts.stream().filter(part -> part.type().equals("worksheet"))
                .collect(Collectors.toMap(Relationship::id, Relationship::target, (first, _) -> first));
        for (WorkbookParts.Listed listed : contents.sheets()) {
            // Charts are listed too.
            String part = worksheets.get(listed.relationship());
            if (part != null && archive.getEntry(part) != null) {
                sheets.add(new Sheet(listed.name(), part));
            }
        }
    }

    private static String relationshipsOf(String part) {
        int slash = part.lastIndexOf('/') + 1;
        return part.substring(0, slash) + "_rels/" + part.substring(slash) + ".rels";
    }

    private static void checkType(@Nullable String type) {
        String known = type == null ? "" : type;
        if (known.contains("sheet.binary")) {
            throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                    "This is a binary workbook (.xlsb). Save it as .xlsx.");
        }
        if (known.contains("macroEnabled")) {
            throw macros();
        }
        if (!known.contains("spreadsheetml")) {
            throw noWorkbook();
        }
    }

    private void parse(String part, ContentHandler handler) {
        ZipEntry entry = archive.getEntry(part);
        try (InputStream in = archive.getInputStream(entry)) {
            BoundedXml.parse(bounded(in, entry), budget, handler);
        } catch (IOException e) {
            throw damaged("The workbook is damaged: a part of it cannot be unpacked.", e);
        }
    }

    /** Refuses what unpacks to more than it may. */
    private InputStream bounded(InputStream in, ZipEntry entry) {
        long packed = Math.max(entry.getCompressedSize(), 0);
        long maxBytes = Math.min(bounds.maxEntryBytes(), RATIO_GRACE_BYTES + packed * bounds.maxInflateRatio());
        return new BoundedInputStream(in, maxBytes, () -> new ProblemException(ProblemCode.WORKBOOK_TOO_LARGE,
                "The workbook unpacks to more than the service reads, like an archive that is made to flood."));
    }

    private static ProblemException macros() {
        return new ProblemException(ProblemCode.UPLOAD_INVALID,
                "The workbook has macros, which are not read. Save it as .xlsx, without macros.");
    }

    private static ProblemException noWorkbook() {
        return new ProblemException(ProblemCode.UPLOAD_INVALID,
                "The file is an archive, but no workbook of Excel. Send an .xlsx.");
    }

    private static ProblemException damaged(String sentence, IOException cause) {
        return new ProblemException(ProblemCode.UPLOAD_INVALID, sentence, cause);
    }

    @Override
    public void close() {
        try {
            archive.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
