package dev.tally.interactions;

import java.io.IOException;
import java.util.List;

/** Takes the clean rows of a workbook, each kind in one go. */
interface RowStage {
    /** A row of the customers; blank texts are empty. */
    void customer(long row, long customerId, String occupation, String type) throws IOException;

    /**
     * A row of the interactions: one for each customer that it names.
     *
     * @param channel its place among the names of the channels
     */
    void interactions(long row, List<Long> customerIds, long epochMicros, int channel) throws IOException;

    /**
     * A row of the products.
     *
     * @param product its place among the names of the products
     */
    void discussion(long row, long monthEpochDay, int product) throws IOException;
}
