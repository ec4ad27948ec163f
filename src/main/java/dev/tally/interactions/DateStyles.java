package dev.tally.interactions;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

import org.apache.poi.ss.usermodel.BuiltinFormats;
import org.apache.poi.ss.usermodel.DateUtil;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Which styles of cells show a number as a date (ECMA-376 part 1, 18.8). POI's own table of styles wants reflection. */
final class DateStyles extends DefaultHandler {
    /** Excel's own bound is 65,490 styles. */
    private static final int MAX_STYLES = 65_536;
    private static final int MAX_CODE_CHARACTERS = 1_024;

    private final Map<Integer, String> codes = new HashMap<>();
    private final BitSet dates = new BitSet();
    private boolean inCellStyles;
    private int styles;

    boolean isDate(int style) {
        return dates.get(style);
    }

    @Override
    public void startElement(String uri, String name, String qualified, Attributes attributes) {
        switch (name) {
            case "numFmt" -> {
                String code = attributes.getValue("formatCode");
                if (code != null && code.length() <= MAX_CODE_CHARACTERS && codes.size() < MAX_STYLES) {
                    codes.put(SheetReader.integer(attributes.getValue("numFmtId"), 0), code);
                }
            }
            case "cellXfs" -> inCellStyles = true;
            case "xf" -> {
                if (inCellStyles) {
                    add(SheetReader.integer(attributes.getValue("numFmtId"), 0));
                }
            }
            default -> {
                // Fonts, colours and the like.
            }
        }
    }

    @Override
    public void endElement(String uri, String name, String qualified) {
        if (name.equals("cellXfs")) {
            inCellStyles = false;
        }
    }

    private void add(int format) {
        if (styles == MAX_STYLES) {
            throw new ProblemException(ProblemCode.WORKBOOK_TOO_LARGE, "The workbook has too many styles.");
        }
        dates.set(styles++, isDateFormat(format));
    }

    private boolean isDateFormat(int format) {
        String code = codes.get(format);
        if (code != null) {
            return DateUtil.isADateFormat(format, code);
        }
        // Those that depend on an East Asian locale have no code in a workbook (18.8.30).
        boolean eastAsian = (format >= 27 && format <= 36) || (format >= 50 && format <= 58);
        return eastAsian || DateUtil.isADateFormat(format, BuiltinFormats.getBuiltinFormat(format));
    }
}
