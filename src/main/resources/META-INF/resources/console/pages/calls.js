// Calls: a subscriber's days, who calls most, and the loading of CDRs.

import { may, reads, get, send } from '../api.js';
import { timeSteps } from '../charts.js';
import { h, replace, announce } from '../dom.js';
import { figures } from '../figures.js';
import { field, form, zoneField } from '../form.js';
import { ago, bytes, date, dateTime, duration, number } from '../format.js';
import { panel } from '../panel.js';
import { progress } from '../progress.js';
import { table } from '../table.js';

const DAY_MILLIS = 86_400_000;
const RANGES = [7, 30, 90];
const TYPES = { ndjson: 'application/x-ndjson', jsonl: 'application/x-ndjson' };

const DAY_COLUMNS = [
  { key: 'date', label: 'Day', format: date },
  { key: 'total_calls', label: 'Calls', numeric: true },
  { key: 'voice_calls', label: 'Voice', numeric: true },
  { key: 'video_calls', label: 'Video', numeric: true },
  { key: 'total_duration_seconds', label: 'Duration', numeric: true, format: duration },
  { key: 'voice_duration_seconds', label: 'Voice duration', numeric: true, format: duration },
  { key: 'video_duration_seconds', label: 'Video duration', numeric: true, format: duration },
  { key: 'avg_duration_seconds', label: 'Mean call', numeric: true, format: duration },
  { key: 'min_duration_seconds', label: 'Shortest', numeric: true, format: duration },
  { key: 'max_duration_seconds', label: 'Longest', numeric: true, format: duration },
];

export default {
  id: 'calls',
  title: 'Calls',
  who: (session) => reads('calls', session),
  render,
};

function render(view) {
  const asked = read(view.params);
  return h('div', null,
    question(view, asked),
    asked.msisdn ? subscriber(asked) : h('p', { class: 'empty' }, 'Give a phone number above to see its days.'),
    top(view, asked),
    may('operator') ? upload(view) : null);
}

function read(params) {
  const value = (name, otherwise = '') => params.get(name) ?? otherwise;
  return {
    msisdn: value('msisdn'),
    range: { start_date: value('start_date'), end_date: value('end_date'), zone: value('zone') },
    by: value('by') === 'duration' ? 'duration' : 'calls',
    limit: value('limit', '10'),
  };
}

function question(view, asked) {
  const range = asked.range;
  const asks = form({
    label: 'What to show',
    fields: [
      {
        label: 'Phone number', name: 'msisdn', type: 'tel', value: asked.msisdn, autocomplete: 'off',
        pattern: '\\s*[+]?[0-9]{5,15}\\s*', 'data-fault': 'Give 5 to 15 digits, such as 352621000001.',
        hint: '5 to 15 digits, the MSISDN',
      },
      { label: 'From', name: 'start_date', type: 'date', value: range.start_date },
      { label: 'To', name: 'end_date', type: 'date', value: range.end_date },
      zoneField(range.zone),
    ],
    submit: 'Show',
    extra: presets(view, asked),
    onSubmit: (values) => view.go({ ...Object.fromEntries(view.params), ...values }),
  });
  return h('section', { class: 'panel', 'aria-label': 'What to show' }, asks);
}

function presets(view, asked) {
  const day = (before) => new Date(Date.now() - before * DAY_MILLIS).toISOString().slice(0, 10);
  return h('div', { class: 'segments', role: 'group', 'aria-label': 'Range' }, RANGES.map((days) => {
    const range = { start_date: day(days - 1), end_date: day(0) };
    const chosen = range.start_date === asked.range.start_date && range.end_date === asked.range.end_date;
    return h('button', {
      type: 'button', class: 'button', 'aria-pressed': String(chosen), 'aria-label': `${days} days until today`,
      onClick: () => view.go({ ...Object.fromEntries(view.params), ...range }),
    }, `${days} days`);
  }));
}

function subscriber(asked) {
  const path = `api/usage/${encodeURIComponent(asked.msisdn)}`;
  const where = `No calls of ${asked.msisdn} in this range. Widen the range, or look at the number.`;
  return h('div', null,
    panel({
      id: 'summary',
      title: 'The whole range',
      load: (signal) => get(`${path}/summary`, asked.range, { signal }).then(({ data }) => data),
      rows: (data) => (data.total_calls > 0 ? [data] : []),
      columns: [...DAY_COLUMNS.slice(1), { key: 'active_days', label: 'Days with calls', numeric: true },
        { key: 'first_call', label: 'First call', format: dateTime }, { key: 'last_call', label: 'Last call', format: dateTime }],
      chart: (data) => figures([
        { label: 'Calls', value: number(data.total_calls), hint: `${number(data.voice_calls)} voice, ${number(data.video_calls)} video` },
        { label: 'Duration', value: duration(data.total_duration_seconds) },
        { label: 'Mean call', value: duration(data.avg_duration_seconds) },
        { label: 'Days with calls', value: number(data.active_days) },
        { label: 'Last call', value: date(data.last_call), hint: dateTime(data.last_call) },
      ]),
      download: { path: `${path}/summary`, params: asked.range },
      empty: where,
      note: freshness,
    }),
    panel({
      id: 'days',
      title: 'Calls by day',
      hint: 'Voice and video stacked; the line is their duration together.',
      load: (signal) => get(path, filled(asked.range), { signal }).then(({ data }) => data),
      rows: (data) => (data.data.some((day) => day.total_calls > 0) ? data.data : []),
      columns: DAY_COLUMNS,
      chart: daysChart,
      download: { path, params: filled(asked.range) },
      empty: where,
      note: freshness,
    }));
}

/** Days without calls are gaps that the eye should see; the API makes them where it knows both ends. */
function filled(range) {
  return range.start_date && range.end_date ? { ...range, fill: 'zero' } : range;
}

function freshness(data) {
  return data.as_of ? `As of ${dateTime(data.as_of)} (${ago(data.as_of)}); days of ${data.zone}.` : `Days of ${data.zone}.`;
}

function daysChart(data, theme) {
  const days = data.data;
  const bar = (name, key) => ({ name, type: 'bar', stack: 'calls', data: days.map((day) => day[key]), barMaxWidth: 36 });
  return {
    grid: { left: 8, right: 8, top: 56, bottom: 8, containLabel: true },
    legend: { top: 0 },
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'category', data: days.map((day) => day.date) },
    yAxis: [
      { type: 'value', name: 'Calls', minInterval: 1 },
      {
        type: 'value', name: 'Duration', splitLine: { show: false }, axisLabel: { formatter: duration },
        ...timeSteps(days.map((day) => day.total_duration_seconds)),
      },
    ],
    series: [
      bar('Voice', 'voice_calls'),
      bar('Video', 'video_calls'),
      {
        name: 'Duration', type: 'line', yAxisIndex: 1, data: days.map((day) => day.total_duration_seconds),
        lineStyle: { width: 2.5 }, symbolSize: 6, itemStyle: { color: theme.colors[2] }, tooltip: { valueFormatter: duration },
      },
    ],
  };
}

function top(view, asked) {
  const params = { by: asked.by, limit: asked.limit, ...asked.range };
  const choose = (name, value) => view.go({ ...Object.fromEntries(view.params), [name]: value });
  const chooser = (props) => {
    const own = field(props);
    own.control.addEventListener('change', () => choose(props.name, own.control.value));
    return own;
  };
  return h('div', null, panel({
    id: 'top',
    title: 'Top subscribers',
    hint: `Of the same range, by ${asked.by === 'calls' ? 'how often they called' : 'how long they called'}.`,
    load: (signal) => get('api/usage/top', params, { signal }).then(({ data }) => data),
    columns: [
      { key: 'msisdn', label: 'Subscriber', format: (msisdn) => h('a', { href: linkTo(view, msisdn) }, msisdn) },
      { key: 'total_calls', label: 'Calls', numeric: true },
      { key: 'total_duration_seconds', label: 'Duration', numeric: true, format: duration },
    ],
    chart: (data) => topChart(data.data, asked.by),
    height: (rows) => 60 + Math.max(3, rows.length) * 32,
    download: { path: 'api/usage/top', params },
    empty: 'No calls in this range. Widen it, or load CDRs.',
    controls: h('div', { class: 'row' },
      chooser({ label: 'By', name: 'by', value: asked.by, options: [{ value: 'calls', label: 'Calls' }, { value: 'duration', label: 'Duration' }] }),
      chooser({ label: 'How many', name: 'limit', value: asked.limit, options: ['5', '10', '20', '50', '100'] })),
  }));
}

function linkTo(view, msisdn) {
  const params = new URLSearchParams(view.params);
  params.set('msisdn', msisdn);
  return `#/calls?${params}`;
}

function topChart(rows, by) {
  const key = by === 'calls' ? 'total_calls' : 'total_duration_seconds';
  const shown = by === 'calls' ? number : duration;
  return {
    grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
    xAxis: {
      type: 'value', axisLabel: { formatter: shown, hideOverlap: true },
      ...(by === 'calls' ? { minInterval: 1 } : timeSteps(rows.map((row) => row[key]))),
    },
    yAxis: { type: 'category', inverse: true, data: rows.map((row) => row.msisdn) },
    series: [{
      name: by === 'calls' ? 'Calls' : 'Duration', type: 'bar', barMaxWidth: 22, data: rows.map((row) => row[key]),
      tooltip: { valueFormatter: shown },
    }],
  };
}

function upload(view) {
  const outcome = h('div', { id: 'load-outcome' });
  const load = form({
    label: 'Load CDRs',
    fields: [
      {
        label: 'CDR file', name: 'file', type: 'file', required: true, accept: '.csv,.ndjson,.jsonl,.gz',
        hint: 'CSV with a header row, or NDJSON; gzip (.gz) is taken too.',
      },
      {
        label: 'Rows with a fault', name: 'on_error', value: 'skip',
        options: [{ value: 'skip', label: 'Leave them out, load the rest' }, { value: 'abort', label: 'Load nothing' }],
      },
    ],
    submit: 'Load',
    onSubmit: (values) => loadFile(values, outcome, view.signal),
  });
  return h('section', { class: 'panel', id: 'load', 'aria-labelledby': 'load-title' },
    h('div', { class: 'panel-head' }, h('div', null, h('h2', { id: 'load-title' }, 'Load CDRs'),
      h('p', { class: 'hint' }, 'The same call twice changes nothing, so a file that broke off can be loaded again.'))),
    load, outcome);
}

async function loadFile({ file, on_error: onError }, outcome, signal) {
  const bar = progress(`Loading ${file.name}`);
  replace(outcome, bar);
  bar.set(0, 'Sending…');
  try {
    const { data } = await send('POST', 'api/usage/cdrs', {
      body: file,
      headers: headersOf(file.name),
      params: { on_error: onError },
      signal,
      onProgress: (fraction) => bar.set(fraction, fraction < 1
        ? `Sent ${bytes(file.size * fraction)} of ${bytes(file.size)}` : 'Sent. The last rows are being stored…'),
    });
    replace(outcome, loaded(data));
    announce(`Loaded ${number(data.loaded)} of ${number(data.received)} rows`);
    // What was shown may have changed.
    for (const section of document.querySelectorAll('#main section.panel')) {
      section.reload?.();
    }
  } catch (fault) {
    replace(outcome);
    throw fault;
  }
}

function headersOf(name) {
  const lower = name.toLowerCase();
  const gzipped = lower.endsWith('.gz');
  const ending = (gzipped ? lower.slice(0, -3) : lower).split('.').pop();
  return { 'Content-Type': TYPES[ending] ?? 'text/csv', ...(gzipped ? { 'Content-Encoding': 'gzip' } : {}) };
}

function loaded(data) {
  const rejects = data.rejects ?? [];
  return h('div', { class: 'outcome' },
    figures([
      { label: 'Rows received', value: number(data.received) },
      { label: 'Loaded', value: number(data.loaded) },
      { label: 'Were there already', value: number(data.duplicates) },
      { label: 'Rejected', value: number(data.rejected) },
    ]),
    rejects.length === 0 ? null : [
      h('p', { class: 'lead' }, data.rejected > rejects.length
        ? `The first ${number(rejects.length)} of ${number(data.rejected)} rejected rows. Mend them in the file, and load it again.`
        : 'Mend these rows in the file, and load it again.'),
      table({
        caption: 'Rejected rows',
        showCaption: true,
        columns: [{ key: 'line', label: 'Line', numeric: true }, { key: 'reason', label: 'What is wrong' }],
        rows: rejects,
      })]);
}
