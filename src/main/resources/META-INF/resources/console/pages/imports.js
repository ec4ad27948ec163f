// The workbooks of interactions: load one, watch it being read, see which rows were rejected, take it back.

import { get, may, send, watch } from '../api.js';
import { announce, h, replace } from '../dom.js';
import { figures } from '../figures.js';
import { failure, form } from '../form.js';
import { ago, bytes, dateTime, duration, number } from '../format.js';
import { action, badge, everySecond, faultPlace, replaceInPlace } from '../live.js';
import { panel } from '../panel.js';
import { address } from '../place.js';
import { progress } from '../progress.js';
import { table } from '../table.js';

const IMPORTS = 'api/v1/imports';
const STATES = {
  running: ['Under way', ''], completed: ['Completed', 'good'], failed: ['Failed', 'bad'], reverted: ['Taken back', 'warn'],
};
const LISTED = 20;

const SHEET_COLUMNS = [{ key: 'sheet', label: 'Sheet' },
  ...[['read', 'Read'], ['added', 'Added'], ['updated', 'Updated'], ['unchanged', 'There already'], ['rejected', 'Rejected']]
    .map(([key, label]) => ({ key, label, numeric: true }))];
/** Excel's own number, which is looked for there: without a comma. */
const ROW = { key: 'row', label: 'Row', numeric: true, format: (row) => (row === null ? '–' : String(row)) };
const REJECT_COLUMNS = [{ key: 'sheet', label: 'Sheet' }, ROW, { key: 'column', label: 'Column' }, { key: 'value', label: 'Value' },
  { key: 'reason', label: 'What is wrong' }];
const WARNING_COLUMNS = [{ key: 'sheet', label: 'Sheet' }, ROW, { key: 'column', label: 'Column' }, { key: 'message', label: 'What to know' }];

/** What the page of interactions shows of workbooks, to operators. */
export function imports(view) {
  const id = view.params.get('import');
  const history = historyOf(view);
  return h('div', null,
    may('operator') ? upload(view) : null,
    id ? oneImport(view, id, () => history.reload()) : null,
    h('div', null, history));
}

function upload(view) {
  const outcome = h('div', { id: 'upload-outcome' });
  const load = form({
    label: 'Import a workbook',
    fields: [
      {
        label: 'Workbook', name: 'file', type: 'file', required: true, accept: '.xlsx',
        hint: 'Excel (.xlsx), with the sheets Customers, External interactions and Products of discussion.',
      },
      {
        label: 'Rows with a fault', name: 'on_error', value: 'abort',
        options: [{ value: 'abort', label: 'Import nothing' }, { value: 'skip', label: 'Leave them out, import the rest' }],
      },
      { label: 'Only try: store nothing', name: 'dry_run', type: 'checkbox', value: false },
    ],
    submit: 'Import',
    onSubmit: (values) => sendWorkbook(view, values, outcome),
  });
  return h('section', { class: 'panel', id: 'upload', 'aria-labelledby': 'upload-title' },
    h('div', { class: 'panel-head' }, h('div', null, h('h2', { id: 'upload-title' }, 'Import a workbook'),
      h('p', { class: 'hint' }, 'The same workbook twice changes nothing. An import is stored as a whole, or not at all, and can be taken back.'))),
    load, outcome);
}

async function sendWorkbook(view, { file, on_error: onError, dry_run: dryRun }, outcome) {
  const bar = progress(`Sending ${file.name}`);
  replace(outcome, bar);
  bar.set(0, 'Sending…');
  const body = new FormData();
  body.append('file', file);
  try {
    const { data } = await send('POST', IMPORTS, {
      body,
      headers: { Prefer: 'respond-async' },
      params: { on_error: onError, dry_run: dryRun },
      signal: view.signal,
      onProgress: (fraction) => bar.set(fraction, fraction < 1
        ? `Sent ${bytes(file.size * fraction)} of ${bytes(file.size)}` : 'Sent. The workbook is being opened…'),
    });
    open(view, data.id);
  } catch (fault) {
    replace(outcome);
    // It began, and has already failed: what is wrong with it is shown as for any other.
    if (!fault.extra?.id) {
      throw fault;
    }
    open(view, fault.extra.id);
  }
}

function open(view, id) {
  view.go({ ...Object.fromEntries(view.params), import: id });
}

function oneImport(view, id, onEnd) {
  const [faults, fail] = faultPlace(failure);
  const bar = progress('Progress of the import');
  const head = h('div', { class: 'panel-tools row' });
  const title = h('h2', { id: 'import-title' }, 'The import');
  const body = h('div', { class: 'outcome' }, h('div', { class: 'loading' }, h('span', { class: 'visually-hidden' }, 'Loading: the import')));
  const more = h('div');
  const section = h('section', { class: 'panel', id: 'import', 'aria-labelledby': 'import-title' },
    h('div', { class: 'panel-head' }, h('div', null, title, h('p', { class: 'hint' }, h('code', null, id))), head),
    faults, body);
  follow(view, id, { section, title, head, body, more, bar, fail, onEnd }).catch((fault) => {
    if (!view.signal.aborted) {
      section.dataset.state = 'failed';
      replace(body, failure(fault));
    }
  });
  return h('div', null, section, more);
}

async function follow(view, id, parts) {
  let shown = null;
  let stop = null;
  const clock = () => parts.bar.set(Number(shown.progress),
    `${number(Math.round(Number(shown.progress) * 100))}% · ${number(rowsRead(shown))} rows read · ${elapsed(shown)}`);
  const onState = (known) => {
    shown = known;
    show(view, known, parts);
    if (known.state === 'running') {
      stop ??= everySecond(clock, view.signal);
      clock();
    }
  };
  try {
    await watch(`${path(id)}/events`, path(id), (known) => known.state !== 'running', onState, view.signal);
  } finally {
    stop?.();
  }
  if (stop !== null) {
    announce(`The import: ${stateOf(shown)[0]}`);
    parts.onEnd();
    reloadFigures();
  }
}

function path(id) {
  return `${IMPORTS}/${encodeURIComponent(id)}`;
}

function stateOf(known) {
  return STATES[known.state] ?? [known.state, ''];
}

function rowsRead(known) {
  return known.sheets.reduce((sum, sheet) => sum + sheet.read, 0);
}

function elapsed(known) {
  const end = known.finished_at ? new Date(known.finished_at).getTime() : Date.now();
  return duration(Math.max(0, Math.round((end - new Date(known.created_at).getTime()) / 1000)));
}

/** What is counted may have changed. */
function reloadFigures() {
  for (const section of document.querySelectorAll('#main section.panel:not(#imports):not(#rejects)')) {
    section.reload?.();
  }
}

function show(view, known, parts) {
  const running = known.state === 'running';
  parts.section.dataset.state = known.state;
  parts.title.textContent = known.file_name;
  replaceInPlace(parts.head, known.dry_run ? badge('Only tried') : null, badge(...stateOf(known)),
    known.state === 'completed' && !known.dry_run && may('operator') ? takeBack(view, known, parts) : null);
  replace(parts.body,
    running ? parts.bar : null,
    known.failure ? h('p', { class: 'failure' }, h('span', { class: 'failure-title' }, 'Nothing was stored'),
      h('span', null, known.failure.detail),
      known.failure.code === 'UPLOAD_REJECTED' ? h('span', null, 'Mend the rows below, or choose above to leave them out.') : null,
      h('a', { href: `problems#${known.failure.code}` }, known.failure.code)) : null,
    running ? null : figures([
      { label: 'Rows read', value: number(rowsRead(known)), hint: `${bytes(known.size_bytes)} in ${elapsed(known)}` },
      { label: 'Rows rejected', value: number(known.reject_count) },
      { label: 'Warnings', value: number(known.warning_count) },
      { label: 'Sent', value: ago(known.created_at), hint: known.reverted_at ? `Taken back ${dateTime(known.reverted_at)}` : dateTime(known.created_at) },
    ]),
    known.same_as ? h('p', { class: 'hint' }, 'It has the same rows as ',
      h('a', { href: linkTo(view, known.same_as) }, 'an earlier import'), ': nothing changed.') : null,
    known.sheets.length > 0 ? table({ caption: 'Rows by sheet', columns: SHEET_COLUMNS, rows: known.sheets }) : null);
  if (!running) {
    replace(parts.more, details(known));
  }
}

function details(known) {
  return h('div', null,
    known.reject_count > 0 ? panel({
      id: 'rejects',
      title: 'Rejected rows',
      hint: 'By sheet and row, as Excel numbers them. Mend them there, and import the workbook again.',
      load: (signal) => get(`${path(known.id)}/rejects`, null, { signal }).then(({ data }) => data),
      columns: REJECT_COLUMNS,
      download: { path: `${path(known.id)}/rejects` },
    }) : null,
    known.warnings.length > 0 ? h('section', { class: 'panel', id: 'warnings', 'aria-labelledby': 'warnings-title' },
      h('div', { class: 'panel-head' }, h('div', null, h('h2', { id: 'warnings-title' }, 'Warnings'),
        h('p', { class: 'hint' }, known.warning_count > known.warnings.length
          ? `The first ${number(known.warnings.length)} of ${number(known.warning_count)}.` : 'These rows were read, but perhaps not as they were meant.'))),
      table({ caption: 'Warnings', columns: WARNING_COLUMNS, rows: known.warnings })) : null);
}

/** Asks once more in its own place, because it takes rows away. */
function takeBack(view, known, parts) {
  const place = h('div', { class: 'row' });
  const ask = () => {
    replace(place, h('button', { type: 'button', class: 'button small danger', onClick: confirm }, 'Take back'));
  };
  const confirm = () => {
    replace(place, h('span', { class: 'small' }, 'What only it brought will be gone.'),
      action('Yes, take it back', async () => {
        const { data } = await send('DELETE', path(known.id), { signal: view.signal });
        announce('The import was taken back');
        show(view, data, parts);
        parts.onEnd();
        reloadFigures();
      }, parts.fail, { class: 'button small danger' }),
      h('button', {
        type: 'button', class: 'button small', onClick: () => {
          ask();
          place.querySelector('button').focus();
        },
      }, 'Keep it'));
    place.querySelector('button').focus();
  };
  ask();
  return place;
}

function linkTo(view, id) {
  return address('interactions', { ...Object.fromEntries(view.params), import: id });
}

function historyOf(view) {
  return panel({
    id: 'imports',
    title: 'Imports',
    hint: 'The latest first.',
    load: (signal) => get(IMPORTS, { limit: LISTED }, { signal }).then(({ data }) => data),
    columns: [
      { key: 'file_name', label: 'Workbook', format: (name, known) => h('a', { href: linkTo(view, known.id) }, name) },
      { key: 'created_at', label: 'When', format: dateTime },
      { key: 'state', label: 'State', format: (_, known) => [badge(...stateOf(known)), known.dry_run ? [' ', badge('Only tried')] : null] },
      { key: 'sheets', label: 'Rows read', numeric: true, format: (_, known) => number(rowsRead(known)) },
      { key: 'reject_count', label: 'Rejected', numeric: true },
    ],
    empty: may('operator') ? 'No workbook was imported yet. Import one above.' : 'No workbook was imported yet. Operators can.',
  });
}
