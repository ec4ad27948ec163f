// Analytics: every metric of the catalogue as what fits it, and one of them with all that is known of it.
import { h } from '../dom.js';
import { get, reads } from '../api.js';
import { ago, bytes, dateTime, number } from '../format.js';
import { figures } from '../figures.js';
import { field, form } from '../form.js';
import { panel } from '../panel.js';
import { address } from '../place.js';
import { lyingBars, standingBars } from '../credits/charts.js';
import { asking } from '../credits/period.js';

const MOST_BARS = 15;
/** More of them would have no room for their names. */
const MOST_STANDING = 6;
const MAX_TOP = 100;
/** Beyond these a browser's numbers are rounded. */
const MOST_EXACT_WHOLE = Number.MAX_SAFE_INTEGER;
const MOST_EXACT_DECIMAL = 1e9;
const MEASURES = {
  count: 'Number of rows', sum: 'Sum', avg: 'Mean', min: 'Least', max: 'Largest', distinct: 'Number of different values',
};

export default {
  id: 'analytics',
  title: 'Analytics',
  who: (who) => reads('analytics', who),
  render(view) {
    const metric = view.params.get('metric');
    return metric ? drilled(view, metric) : overview(view);
  },
};

async function catalogue(signal) {
  return (await get('/analytics', {}, { signal })).data.data;
}

/** claims-stats: Claims stats */
function titleOf(name) {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** How a metric is shown: figure, top or bars. */
export function kindOf(metric) {
  if (metric.group_by === null) {
    return 'figure';
  }
  return metric.top === null ? 'bars' : 'top';
}

function hintOf(metric) {
  const measure = MEASURES[metric.measure] ?? metric.measure;
  const groups = { figure: '', bars: ` by ${metric.group_by}`, top: ` by ${metric.group_by}, the ${metric.top} largest` };
  return `${measure}${groups[kindOf(metric)]}. Dataset ${metric.dataset}.`;
}

/** The name of the figure in a row: what is not the group. */
function figureOf(metric, row) {
  return Object.keys(row).find((key) => key !== metric.group_by);
}

function isRounded(value) {
  const size = Math.abs(value ?? 0);
  return size > MOST_EXACT_WHOLE || (!Number.isInteger(value) && size > MOST_EXACT_DECIMAL);
}

async function overview(view) {
  const metrics = await catalogue(view.signal);
  if (metrics.length === 0) {
    return h('p', { class: 'empty' }, 'The catalogue has no metrics. They are declared in the configuration of the service.');
  }
  return h('div', null,
    h('p', { class: 'lead' }, `${number(metrics.length)} metrics over CSV files in S3.`),
    h('div', { class: 'grid' }, metrics.map((metric) => metricPanel(metric, {
      note: (data) => [freshness(data), ' ', h('a', { href: address('analytics', { metric: metric.metric }),
        'aria-label': `Details of ${titleOf(metric.metric)}` }, 'Details')],
    }))));
}

function freshness(data) {
  const fresh = data.as_of === null ? 'There is no data yet' : `Data of ${dateTime(data.as_of)}, ${ago(data.as_of)}`;
  const rounded = data.data.some((row) => Object.values(row).some((value) => typeof value === 'number' && isRounded(value)));
  return `${fresh} · ${number(data.rows_read)} rows read · ${number(data.rows_rejected)} rejected${
    rounded ? ' · large figures are rounded here, and exact in the files' : ''}${
    data.data.length > MOST_BARS ? ` · the chart has the first ${MOST_BARS} of ${number(data.data.length)} groups` : ''} ·`;
}

function metricPanel(metric, { limit = null, load = null, note }) {
  const path = `/analytics/${metric.metric}`;
  const params = { limit };
  return panel({
    id: `metric-${metric.metric}`,
    title: titleOf(metric.metric),
    hint: hintOf(metric),
    load: load ?? (async (signal) => (await get(path, params, { signal })).data),
    chart: (data, theme) => chartOf(metric, data.data, theme),
    columns: (data) => columnsOf(metric, data.data[0]),
    rows: (data) => data.data,
    download: { path, params },
    note,
    empty: 'The file has no rows. Look whether it is the right one, or wait until it is written.',
  });
}

function columnsOf(metric, row) {
  const key = figureOf(metric, row);
  const figure = { key, label: key, numeric: true };
  return metric.group_by === null ? [figure]
    : [{ key: metric.group_by, label: metric.group_by, format: (name) => groupName(name) }, figure];
}

function groupName(name) {
  return name === '' ? '(empty)' : name;
}

function chartOf(metric, rows, theme) {
  const key = figureOf(metric, rows[0]);
  if (kindOf(metric) === 'figure') {
    return figures([{ label: key, value: rows[0][key] === null ? 'Nothing to measure' : number(rows[0][key]) }]);
  }
  if (kindOf(metric) === 'bars' && rows.length <= MOST_STANDING) {
    return standingBars(rows, (row) => groupName(row[metric.group_by]), key, key, theme);
  }
  return lyingBars(rows.slice(0, MOST_BARS), (row) => groupName(row[metric.group_by]), key, key, theme);
}

// One metric

async function drilled(view, name) {
  const metric = (await catalogue(view.signal)).find((one) => one.metric === name);
  const back = h('p', {}, h('a', { href: address('analytics') }, 'All metrics'));
  if (!metric) {
    return h('div', null, back,
      h('p', { class: 'empty' }, `There is no metric ${name}. Choose one of the catalogue.`));
  }
  const limit = metric.top === null ? null : view.params.get('limit');
  // All panels show one answer, which is read once, and again when one of them is told to.
  let loading = null;
  const read = (signal) => {
    loading = get(`/analytics/${name}`, { limit }, { signal }).then(({ data }) => data);
    return loading;
  };
  const share = (signal) => (loading ?? read(signal)).catch((fault) => {
    loading = null;
    throw fault;
  });
  return h('div', null, back,
    metric.top === null ? null : asking(form({
      label: 'What to show',
      fields: [field({ label: 'How many groups', name: 'limit', type: 'number', min: 1, max: MAX_TOP, step: 1,
        value: limit ?? metric.top, required: true })],
      submit: 'Show',
      onSubmit: (values) => view.go({ metric: name, limit: values.limit }),
    })),
    metricPanel(metric, { limit, load: read, note: (data) => freshness(data).replace(/ ·$/, '') }),
    sourcePanel(metric, share), rejectsPanel(share));
}

function sourcePanel(metric, load) {
  return panel({
    id: 'source',
    title: 'Where it comes from',
    load,
    columns: [{ key: 'what', label: 'What' }, { key: 'value', label: 'Value' }],
    rows: ({ object, as_of: asOf }) => [
      { what: 'Object', value: object.key },
      { what: 'Written', value: `${dateTime(object.last_modified)}, ${ago(object.last_modified)}` },
      { what: 'Data last changed', value: dateTime(asOf) },
      { what: 'Size', value: bytes(object.size_bytes) },
      ...(object.parts ? [{ what: 'Part files', value: number(object.parts) }] : []),
      { what: 'Version (ETag)', value: object.etag },
      { what: 'Read by', value: metric.engine === 'clickhouse' ? 'ClickHouse' : 'This service' },
      { what: 'Address of the API', value: metric.path },
    ],
  });
}

function rejectsPanel(load) {
  return panel({
    id: 'rejects',
    title: 'Rows rejected',
    hint: 'They are left out of the figures.',
    load,
    columns: (data) => [
      ...(data.rejects.some((row) => row.key) ? [{ key: 'key', label: 'Object' }] : []),
      { key: 'line', label: 'Line', numeric: true },
      { key: 'reason', label: 'Why' },
    ],
    rows: (data) => data.rejects,
    note: (data) => `${number(data.rows_rejected)} of ${number(data.rows_read)} rows${
      data.rows_rejected > data.rejects.length ? `; the first ${number(data.rejects.length)} are shown` : ''}`,
    empty: 'None: every row was understood.',
  });
}
