// Interactions of customers: by whom, through which channel, about what and when; and the workbooks that say so.

import { get, may, reads } from '../api.js';
import { h } from '../dom.js';
import { field, form, zoneField } from '../form.js';
import { ago, dateTime, number } from '../format.js';
import { panel } from '../panel.js';
import { address } from '../place.js';
import { imports } from './imports.js';

const STATS = 'api/v1/stats/interactions';
/** More rows would not be seen, only scrolled. */
const HEAT_ROWS = ['10', '25', '50', '100'];
const INTERACTIONS = { key: 'interactions', label: 'Interactions', numeric: true };

export default {
  id: 'interactions',
  title: 'Interactions',
  who: (session) => reads('interactions', session),
  render,
};

function render(view) {
  const value = (name) => view.params.get(name) ?? '';
  const asked = {
    params: { start_date: value('start_date'), end_date: value('end_date'), zone: value('zone'), topic: value('topic') },
    customer: value('customer'),
    limit: HEAT_ROWS.includes(value('limit')) ? value('limit') : HEAT_ROWS[1],
  };
  return h('div', null,
    question(view, asked),
    asked.customer ? ofCustomer(view, asked) : null,
    heatMap(view, asked),
    h('div', { class: 'grid' }, byMonth(asked), byTopic(view, asked), byType(asked), customers(asked)),
    may('viewer') ? imports(view) : null);
}

function question(view, { params, customer }) {
  return h('section', { class: 'panel', 'aria-label': 'What to count' }, form({
    label: 'What to count',
    fields: [
      { label: 'From', name: 'start_date', type: 'date', value: params.start_date },
      { label: 'To', name: 'end_date', type: 'date', value: params.end_date },
      zoneField(params.zone),
      {
        label: 'Topic', name: 'topic', value: params.topic, autocomplete: 'off',
        hint: 'Counts the interactions of the months in which it was discussed.',
      },
      {
        label: 'Customer', name: 'customer', value: customer, inputmode: 'numeric', pattern: '[1-9][0-9]{0,17}',
        'data-fault': 'Give the number of a customer, such as 4.', hint: 'To see one alone.',
      },
    ],
    submit: 'Show',
    extra: h('a', { class: 'button', href: '#/interactions' }, 'Show all'),
    onSubmit: (values) => view.go({ ...Object.fromEntries(view.params), ...values }),
  }));
}

function nothing({ params }) {
  return Object.values(params).some((value) => value !== '')
    ? 'No interactions match. Widen the range, or leave the topic out.'
    : 'There are no interactions yet. An operator imports them as a workbook, below.';
}

function freshness(data) {
  const rule = data.topic ? ` Of the months in which “${data.topic}” was discussed.` : '';
  return `${data.as_of ? `As of ${dateTime(data.as_of)} (${ago(data.as_of)})` : 'No data yet'}; days of ${data.zone}.${rule}`;
}

function load(path, params) {
  return (signal) => get(path, params, { signal }).then(({ data }) => data);
}

function ofCustomer(view, { params, customer }) {
  const path = `api/v1/interactions/${encodeURIComponent(customer)}`;
  return panel({
    id: 'customer',
    title: `Customer ${customer}`,
    hint: 'By channel.',
    load: load(path, params),
    rows: ({ data }) => Object.entries(data.interactions).map(([channel, interactions]) => ({ channel, interactions })),
    columns: [{ key: 'channel', label: 'Channel' }, INTERACTIONS],
    chart: ({ data }) => bars(Object.keys(data.interactions), Object.values(data.interactions)),
    download: { path, params },
    empty: 'There are no channels yet.',
  });
}

function heatMap(view, asked) {
  const limit = field({ label: 'How many customers', name: 'limit', value: asked.limit, options: HEAT_ROWS });
  limit.control.addEventListener('change', () => view.go({ ...Object.fromEntries(view.params), limit: limit.control.value }));
  return h('div', null, panel({
    id: 'heat',
    title: 'Customers and channels',
    hint: 'The stronger the colour, the more interactions.',
    load: async (signal) => heated((await get(`${STATS}/all`, asked.params, { signal })).data, Number(asked.limit)),
    rows: (data) => data.shown,
    columns: (data) => [{ key: 'customer_id', label: 'Customer', numeric: true, format: String },
      ...data.channels.map((channel) => ({ key: channel, label: channel, numeric: true })),
      { key: 'total', label: 'Together', numeric: true, format: (_, row) => number(data.totals.get(row)) }],
    chart: (data) => heatTable(view, data),
    download: { path: `${STATS}/all`, params: asked.params },
    empty: nothing(asked),
    note: (data) => `${data.shown.length < data.withAny ? `The ${number(data.shown.length)} of ${number(data.withAny)} customers with the most interactions; all are in the files. ` : ''}${freshness(data)}`,
    controls: h('div', { class: 'row' }, limit),
  }));
}

/** Customers with interactions, those with the most first; and what they have together. */
function heated(data, limit) {
  const channels = Object.keys(data.data[0] ?? {}).filter((key) => key !== 'customer_id');
  const totals = new Map(data.data.map((row) => [row, channels.reduce((sum, channel) => sum + row[channel], 0)]));
  const most = data.data.filter((row) => totals.get(row) > 0)
    .sort((one, other) => totals.get(other) - totals.get(one) || one.customer_id - other.customer_id);
  return { ...data, channels, totals, shown: most.slice(0, limit), withAny: most.length };
}

function heatTable(view, { shown, channels, totals }) {
  const most = Math.max(...shown.flatMap((row) => channels.map((channel) => row[channel])));
  const cell = (value) => {
    const td = h('td', { class: 'numeric' }, number(value));
    td.style.setProperty('--share', String(value / most));
    return td;
  };
  return h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Customers and channels' },
    h('table', { class: 'heat' },
      h('caption', { class: 'visually-hidden' }, 'Interactions of each customer by channel'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Customer'),
        channels.map((channel) => h('th', { scope: 'col', class: 'numeric' }, channel)),
        h('th', { scope: 'col', class: 'numeric' }, 'Together'))),
      h('tbody', null, shown.map((row) => h('tr', null,
        h('th', { scope: 'row' }, h('a', { href: linkTo(view, 'customer', row.customer_id) }, String(row.customer_id))),
        channels.map((channel) => cell(row[channel])),
        h('td', { class: 'numeric' }, number(totals.get(row))))))));
}

function linkTo(view, name, value) {
  return address('interactions', { ...Object.fromEntries(view.params), [name]: value });
}

function byMonth(asked) {
  const params = { group_by: 'month,channel', ...asked.params };
  return panel({
    id: 'months',
    title: 'By month',
    hint: 'Channels stacked.',
    load: load(STATS, params),
    columns: [{ key: 'month', label: 'Month' }, { key: 'channel', label: 'Channel' }, INTERACTIONS],
    chart: (data) => monthChart(data.data),
    download: { path: STATS, params },
    empty: nothing(asked),
    note: freshness,
  });
}

function monthChart(rows) {
  const months = monthsBetween(rows.map((row) => row.month).sort());
  const channels = [...new Set(rows.map((row) => row.channel))].sort();
  const counts = new Map(rows.map((row) => [`${row.month} ${row.channel}`, row.interactions]));
  return {
    grid: { left: 8, right: 8, top: 48, bottom: 8, containLabel: true },
    legend: { top: 0, type: 'scroll' },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
    xAxis: { type: 'category', data: months },
    yAxis: { type: 'value', minInterval: 1 },
    series: channels.map((channel) => ({
      name: channel, type: 'bar', stack: 'channels', barMaxWidth: 36, data: months.map((month) => counts.get(`${month} ${channel}`) ?? 0),
    })),
  };
}

/** Months without interactions are gaps that the eye should see. */
function monthsBetween(known) {
  const months = [];
  let [year, month] = known[0].split('-').map(Number);
  const last = known.at(-1);
  for (let at = known[0]; at <= last;) {
    months.push(at);
    month += 1;
    if (month > 12) {
      month = 1;
      year += 1;
    }
    at = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
  }
  return months;
}

function byTopic(view, asked) {
  return groups(asked, {
    id: 'topics',
    title: 'By topic',
    hint: 'An interaction counts for every topic of its month.',
    group: 'topic',
    label: 'Topic',
    none: 'No topic in that month',
    format: (topic) => (topic === null ? 'No topic in that month' : h('a', { href: linkTo(view, 'topic', topic) }, topic)),
  });
}

function byType(asked) {
  return groups(asked, {
    id: 'types', title: 'By type of customer', hint: 'Their interactions.', group: 'customer_type', label: 'Type', none: 'No type',
  });
}

function groups(asked, { group, none, label, format, ...rest }) {
  const params = { group_by: group, ...asked.params };
  return panel({
    ...rest,
    load: load(STATS, params),
    columns: [{ key: group, label, format: format ?? ((value) => value ?? none) }, INTERACTIONS],
    chart: ({ data }) => bars(data.map((row) => row[group] ?? none), data.map((row) => row.interactions)),
    download: { path: STATS, params },
    empty: nothing(asked),
    note: freshness,
  });
}

function customers(asked) {
  const params = { group_by: 'type', ...asked.params };
  return panel({
    id: 'customers',
    title: 'Customers by type',
    hint: 'How many they are.',
    load: load('api/v1/stats/customers', params),
    rows: (data) => (Array.isArray(data) ? data : data.data),
    columns: [{ key: 'customer_type', label: 'Type', format: (type) => type ?? 'No type' }, { key: 'customers', label: 'Customers', numeric: true }],
    chart: (data) => {
      const rows = Array.isArray(data) ? data : data.data;
      return bars(rows.map((row) => row.customer_type ?? 'No type'), rows.map((row) => row.customers), 'Customers');
    },
    download: { path: 'api/v1/stats/customers', params },
    empty: nothing(asked),
  });
}

/** Bars from the left, the longest first; only as many as can be told apart. */
function bars(names, values, name = 'Interactions') {
  const most = names.map((each, index) => [each, values[index]]).sort((one, other) => other[1] - one[1]).slice(0, 15);
  return {
    grid: { left: 8, right: 32, top: 8, bottom: 8, containLabel: true },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
    xAxis: { type: 'value', minInterval: 1 },
    yAxis: { type: 'category', inverse: true, data: most.map(([each]) => each) },
    series: [{ name, type: 'bar', barMaxWidth: 26, data: most.map(([, value]) => value) }],
  };
}
