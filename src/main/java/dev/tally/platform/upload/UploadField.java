package dev.tally.platform.upload;

import java.util.List;

/**
 * A field of the rows of an upload.
 *
 * @param name of the column of a CSV, or of the member of a JSON object
 * @param required whether the header of a CSV must have it; whether a row must, is for whoever takes the rows
 * @param integer whether it is a JSON integer, rather than a string
 */
public record UploadField(String name, boolean required, boolean integer) {
    static List<String> names(List<UploadField> fields) {
        return fields.stream().map(UploadField::name).toList();
    }
}
