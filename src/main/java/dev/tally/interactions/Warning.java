package dev.tally.interactions;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What an import noticed and went on.
 *
 * @param sheet where; null when it is about the workbook
 * @param row its number in Excel, from 1; null when it is about the sheet
 * @param column its title; null when it is about the row
 */
@Embeddable
record Warning(@Nullable String sheet, @JsonProperty("row") @Column(name = "row_number") @Nullable Long row,
        @JsonProperty("column") @Column(name = "column_name") @Nullable String column, String message) {}
