package dev.tally.interactions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.apache.poi.poifs.filesystem.DirectoryEntry;
import org.apache.poi.poifs.filesystem.FileMagic;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Tells by its first bytes what a file is that should be a workbook. */
final class FileKinds {
    private FileKinds() {}

    /** @throws ProblemException when it is something else, with a sentence that says what and what to do */
    static void requireWorkbook(Path file) {
        fault(file).ifPresent(sentence -> {
            throw new ProblemException(ProblemCode.UPLOAD_INVALID, sentence);
        });
    }

    private static Optional<String> fault(Path file) {
        try {
            if (Files.size(file) == 0) {
                return Optional.of("The file is empty.");
            }
            return switch (FileMagic.valueOf(file.toFile())) {
                case OOXML -> Optional.empty();
                case OLE2 -> Optional.of(faultOfOle2(file));
                case HTML -> Optional.of("The file is a web page (HTML), whatever its name says. "
                        + "Open it with Excel and save it as .xlsx.");
                case XML -> Optional.of("The file is plain XML. Open it with Excel and save it as .xlsx.");
                case PDF -> Optional.of("The file is a PDF. Send the workbook itself, as .xlsx.");
                case BIFF2, BIFF3, BIFF4 -> Optional.of(oldFormat());
                default -> Optional.of("The file is no workbook of Excel. Send an .xlsx.");
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Such a file holds an old workbook, or a new one that is encrypted. */
    private static String faultOfOle2(Path file) {
        try (POIFSFileSystem container = new POIFSFileSystem(file.toFile(), true)) {
            DirectoryEntry root = container.getRoot();
            if (root.hasEntryCaseInsensitive("EncryptedPackage")) {
                return "The workbook is encrypted. Take the password off: File, Info, Protect Workbook.";
            }
            return root.hasEntryCaseInsensitive("Workbook") || root.hasEntryCaseInsensitive("Book")
                    ? oldFormat()
                    : "The file is a document of another program. Send an .xlsx.";
        } catch (IOException | RuntimeException _) {
            // POI says in many ways that such a file is damaged; the sentence is the same.
            return "The file is an old document of Office, and damaged. Send an .xlsx.";
        }
    }

    private static String oldFormat() {
        return "This is an old workbook (.xls). Save it as .xlsx.";
    }
}
