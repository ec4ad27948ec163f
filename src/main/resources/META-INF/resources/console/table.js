// Rows as an accessible table.

import { h } from './dom.js';
import { number } from './format.js';

/** The most rows that are put into the page; the whole is in the files. */
const MAX_ROWS = 1000;

/**
 * A table with a caption, which screen readers say and `showCaption` shows.
 *
 * columns: [{key, label, numeric, format(value, row)}]; format may give a node.
 */
export function table({ caption, columns, rows, showCaption = false }) {
  const shown = rows.slice(0, MAX_ROWS);
  const head = columns.map((column) => h('th', { scope: 'col', class: column.numeric ? 'numeric' : null }, column.label));
  const body = shown.map((row) => h('tr', null, columns.map((column, index) => cell(column, row, index))));
  const cut = rows.length > shown.length
    ? h('p', { class: 'muted small' }, `The first ${number(shown.length)} of ${number(rows.length)} rows. All are in the files.`)
    : null;
  return h('div', { class: 'table-frame' },
    // Scrolls sideways when it is narrow, so it has to be reached by the keyboard.
    h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': `Table: ${caption}` },
      h('table', null,
        h('caption', { class: showCaption ? null : 'visually-hidden' }, caption),
        h('thead', null, h('tr', null, head)),
        h('tbody', null, body))),
    cut);
}

function cell(column, row, index) {
  const value = row[column.key];
  const shown = column.format ? column.format(value, row) : plainly(value, column);
  return index === 0 && !column.numeric
    ? h('th', { scope: 'row' }, shown)
    : h('td', { class: column.numeric ? 'numeric' : null }, shown);
}

function plainly(value, column) {
  if (value === null || value === undefined || value === '') {
    return '–';
  }
  return column.numeric ? number(value) : String(value);
}
