// Reports of Gcore: start one, watch it being made, take its rows, and find those of before.

import { download, get, may, reads, send, session, watch } from '../api.js';
import { announce, h, replace } from '../dom.js';
import { figures } from '../figures.js';
import { failure, form } from '../form.js';
import { ago, bytes, date, dateTime, duration, number } from '../format.js';
import { action, badge, everySecond, faultPlace, replaceInPlace } from '../live.js';
import { panel } from '../panel.js';
import { address } from '../place.js';
import { progress } from '../progress.js';
import { table } from '../table.js';

const PRODUCTS = { cdn: 'CDN', cloud: 'Cloud', waap: 'WAAP', all: 'All three' };
const STATES = {
  requested: ['Asked for', ''], pending: ['In Gcore’s queue', ''], in_progress: ['Being made', ''],
  completed: ['Completed', 'good'], partial: ['Partly completed', 'warn'], failed: ['Failed', 'bad'],
  cancelled: ['Cancelled', ''], timed_out: ['Timed out', 'bad'],
};
const OPEN = new Set(['requested', 'pending', 'in_progress']);
const WITH_ROWS = new Set(['completed', 'partial']);
const FORMATS = [['CSV', 'csv'], ['XLSX', 'xlsx'], ['JSON', 'json']];
/** More rows are only given as files. */
const MAX_SHOWN_ROWS = 5000;
const PAGE_ROWS = 20;
/** The most that a list of jobs gives. */
const MAX_LISTED = 100;
const ORDER = ['product', 'gcore_user_id', 'start_date', 'end_date'];

export default {
  id: 'reports',
  title: 'Reports',
  who: (whose) => reads('reports', whose),
  render,
};

function render(view) {
  const uuid = view.params.get('report');
  const history = historyOf(view);
  return h('div', null,
    mayOrder() ? order(view) : null,
    uuid ? report(view, uuid, () => history.reload()) : null,
    history);
}

/** Operators, and consumers whose key has the scope. */
function mayOrder() {
  return may('operator') || session.kind === 'consumer';
}

function order(view) {
  const asked = (name, otherwise = '') => view.params.get(name) ?? otherwise;
  const ask = form({
    label: 'Start a report',
    fields: [
      {
        label: 'Product', name: 'product', value: asked('product', 'all'),
        options: Object.entries(PRODUCTS).map(([value, label]) => ({ value, label })),
      },
      {
        label: 'Client at Gcore', name: 'gcore_user_id', value: asked('gcore_user_id'), required: true, autocomplete: 'off',
        inputmode: 'numeric', hint: 'Its number there, such as 829449.',
      },
      { label: 'From', name: 'start_date', type: 'date', value: asked('start_date'), required: true },
      { label: 'To', name: 'end_date', type: 'date', value: asked('end_date'), required: true, hint: 'This day included.' },
    ],
    submit: 'Start',
    onSubmit: async ({ product, ...body }) => {
      const { data } = await send('POST', `reports/${product}`, {
        json: body, headers: { Prefer: 'respond-async' }, signal: view.signal,
      });
      announce('The report was asked for');
      view.go({ product, ...body, report: data.uuid });
    },
  });
  return h('section', { class: 'panel', id: 'order', 'aria-labelledby': 'order-title' },
    h('div', { class: 'panel-head' }, h('div', null, h('h2', { id: 'order-title' }, 'Start a report'),
      h('p', { class: 'hint' }, 'Gcore takes seconds, or minutes. The report goes on when you leave this page; an equal one that is under way is joined.'))),
    ask);
}

/** One report, as it stands and as it changes. */
function report(view, uuid, onEnd) {
  const [faults, fail] = faultPlace(failure);
  const bar = progress('Progress of the report');
  const head = h('div', { class: 'panel-tools row' });
  const body = h('div', { class: 'outcome' }, h('div', { class: 'loading' }, h('span', { class: 'visually-hidden' }, 'Loading: the report')));
  const rows = h('div');
  const section = h('section', { class: 'panel', id: 'report', 'aria-labelledby': 'report-title' },
    h('div', { class: 'panel-head' },
      h('div', null, h('h2', { id: 'report-title' }, 'The report'), h('p', { class: 'hint' }, h('code', null, uuid))), head),
    faults, body);
  follow(view, uuid, { section, head, body, rows, bar, fail, onEnd }).catch((fault) => {
    if (!view.signal.aborted) {
      section.dataset.state = 'failed';
      replace(body, failure(fault));
    }
  });
  return h('div', null, section, rows);
}

async function follow(view, uuid, parts) {
  let shown = null;
  let stop = null;
  const clock = () => parts.bar.set(Number(shown.progress), `${stateOf(shown)[0]} · ${elapsed(shown)}`);
  const onState = (state) => {
    const job = jobIn(state, uuid);
    if (job !== null) {
      shown = job;
      show(view, job, parts);
      if (OPEN.has(job.status)) {
        stop ??= everySecond(clock, view.signal);
        clock();
      }
    }
  };
  const isFinal = (state) => !OPEN.has(jobIn(state, uuid)?.status);
  try {
    // Where there are no events, the list says it without the rows, which may be many; it has only one's own.
    const statePath = await isListed(uuid, view.signal) ? `reports?limit=${MAX_LISTED}` : path(uuid);
    await watch(`${path(uuid)}/events`, statePath, isFinal, onState, view.signal);
  } finally {
    stop?.();
  }
  if (shown === null || OPEN.has(shown.status)) {
    onState((await get(path(uuid), null, { signal: view.signal })).data);
  }
  if (stop !== null) {
    announce(`The report: ${stateOf(shown)[0]}`);
    parts.onEnd();
  }
  if (WITH_ROWS.has(shown.status)) {
    replace(parts.rows, shown.count <= MAX_SHOWN_ROWS ? rowsOf(uuid) : null);
  }
}

function path(uuid) {
  return `reports/gcore/${encodeURIComponent(uuid)}`;
}

async function isListed(uuid, signal) {
  const { data } = await get('reports', { limit: MAX_LISTED }, { signal });
  return jobIn(data, uuid) !== null;
}

/** The job, whether it comes by itself or in a list. */
function jobIn(state, uuid) {
  return state.uuid ? state : (state.data.find((job) => job.uuid === uuid) ?? null);
}

function stateOf(job) {
  return STATES[job.status] ?? [job.status, ''];
}

/** From when it was asked for until its end, or until now. */
function elapsed(job) {
  const end = OPEN.has(job.status) ? Date.now() : new Date(job.updated_at).getTime();
  return duration(Math.max(0, Math.round((end - new Date(job.created_at).getTime()) / 1000)));
}

function show(view, job, { section, head, body, bar, fail }) {
  const open = OPEN.has(job.status);
  section.dataset.state = job.status;
  replaceInPlace(head, badge(...stateOf(job)),
    open && may('operator') ? action('Cancel', async () => {
      const { data } = await send('DELETE', path(job.uuid), { signal: view.signal });
      announce(`The report: ${stateOf(data)[0]}`);
    }, fail, { class: 'button small danger' }) : null,
    WITH_ROWS.has(job.status) ? files(job, fail) : null);
  replace(body,
    open ? bar : null,
    figures([
      { label: 'Of', value: PRODUCTS[job.product] ?? job.product, hint: `Client ${job.gcore_user_id}` },
      { label: 'Days', value: daysOf(job) },
      open ? { label: 'Asked for', value: ago(job.created_at), hint: dateTime(job.created_at) } : { label: 'Took', value: elapsed(job), hint: dateTime(job.updated_at) },
      WITH_ROWS.has(job.status)
        ? { label: 'Rows', value: number(job.count), hint: `${bytes(job.size_bytes)} as CSV, kept until ${dateTime(job.expires_at)}` } : null,
    ].filter(Boolean)),
    job.error ? h('p', { class: 'failure' }, h('span', { class: 'failure-title' }, stateOf(job)[0]), h('span', null, job.error),
      h('span', { class: 'small' }, open ? null : advice(job))) : null,
    table({ caption: 'Parts of the report', columns: PART_COLUMNS, rows: job.parts }));
}

function daysOf(job) {
  return job.start_date === job.end_date ? date(job.start_date) : `${date(job.start_date)} – ${date(job.end_date)}`;
}

function advice(job) {
  return WITH_ROWS.has(job.status) ? 'The files have the rows of the parts that were completed.' : 'Start it again above, once that is mended.';
}

const PART_COLUMNS = [
  { key: 'product', label: 'Part', format: (product) => PRODUCTS[product] ?? product },
  { key: 'status', label: 'State', format: (_, part) => badge(...stateOf(part)) },
  { key: 'gcore_status', label: 'Gcore says' },
  { key: 'count', label: 'Rows', numeric: true },
  { key: 'error', label: 'What went wrong' },
];

function files(job, fail) {
  return h('div', { class: 'segments', role: 'group', 'aria-label': 'The report as a file' }, FORMATS.map(([label, format]) => action(label,
    () => download(path(job.uuid), null, format), fail, { class: 'button small', 'aria-label': `${label}: the report` })));
}

function rowsOf(uuid) {
  return panel({
    id: 'rows',
    title: 'Rows',
    hint: 'As Gcore writes them.',
    load: (signal) => get(path(uuid), null, { signal }).then(({ data }) => data),
    // Amounts stay as they are written: to the last digit.
    columns: (data) => Object.keys(data.data[0]).map((key) => ({
      key, label: key, numeric: key === 'Metric value', format: (value) => value || '–',
    })),
    download: { path: path(uuid) },
    empty: 'Gcore has nothing of this client in these days. Look at the client’s number and the days.',
  });
}

function historyOf(view) {
  const after = view.params.get('after');
  return panel({
    id: 'history',
    title: 'Your reports',
    hint: 'The latest first.',
    load: async (signal) => {
      const { data, headers } = await get('reports', { limit: PAGE_ROWS, after }, { signal });
      return { ...data, next: /[?&]after=([^&>]+)/.exec(headers.get('Link') ?? '')?.[1] };
    },
    columns: [
      { key: 'created_at', label: 'Asked for', format: (at, job) => h('a', { href: linkTo(view, job) }, dateTime(at)) },
      { key: 'product', label: 'Of', format: (product) => PRODUCTS[product] ?? product },
      { key: 'gcore_user_id', label: 'Client' },
      { key: 'start_date', label: 'Days', format: (_, job) => daysOf(job) },
      { key: 'status', label: 'State', format: (_, job) => badge(...stateOf(job)) },
      { key: 'count', label: 'Rows', numeric: true },
      { key: 'updated_at', label: 'Took', numeric: true, format: (_, job) => elapsed(job) },
    ],
    empty: mayOrder() ? 'You have not asked for a report yet. Start one above.'
      : 'You have not asked for a report, and viewers cannot. Have an operator send you the link of one.',
    note: (data) => (data.next || after ? h('span', { class: 'row' },
      after ? h('a', { href: address('reports', withParams(view, { after: '' })) }, 'Latest reports') : null,
      data.next ? h('a', { href: address('reports', withParams(view, { after: data.next })) }, 'Older reports') : null) : null),
  });
}

/** What was asked for comes into the form again, to be asked for once more or changed. */
function linkTo(view, job) {
  const order = Object.fromEntries(ORDER.map((name) => [name, job[name]]));
  return address('reports', withParams(view, { ...order, report: job.uuid }));
}

function withParams(view, more) {
  return { ...Object.fromEntries(view.params), ...more };
}
