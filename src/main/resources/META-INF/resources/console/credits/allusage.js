// The usage of all users.
import { get } from '../api.js';
import { date } from '../format.js';
import { panel } from '../panel.js';
import { lyingBars, usageByDay } from './charts.js';
import { FIGURES, figureField, figureOf, USAGE_COLUMNS } from './consumer.js';
import { nextPage } from './ledger.js';
import { periodForm, periodOf } from './period.js';

const PAGE_ROWS = 1000;
/** That are read and added up here. */
const MAX_PAGES = 5;
const MOST_BARS = 15;

/**
 * Rows of all users, the latest days first, which are more than one page may have. Days that were not read to their end are
 * left out, so that every day that is shown is right.
 */
async function loadUsage(period, signal) {
  const rows = [];
  let zone = null;
  let after = '';
  for (let page = 0; page < MAX_PAGES && after !== null; page += 1) {
    const { data, headers } = await get('/admin/usage', { ...period, limit: PAGE_ROWS, after }, { signal });
    rows.push(...data.data);
    zone = data.zone;
    after = nextPage(headers);
  }
  if (after === null) {
    return { rows, zone, from: null };
  }
  const cut = rows.at(-1).date;
  const whole = rows.filter((row) => row.date !== cut);
  return { rows: whole, zone, from: whole.at(-1)?.date ?? period.end_date };
}

/** The same for all users together, or for all endpoints together. */
export function addedUp(rows, keys) {
  const sums = new Map();
  for (const row of rows) {
    const key = JSON.stringify(keys.map((name) => row[name]));
    const sum = sums.get(key) ?? { ...Object.fromEntries(keys.map((name) => [name, row[name]])), requests: 0, records_returned: 0, credits_used: 0 };
    for (const figure of Object.keys(FIGURES)) {
      sum[figure] += row[figure];
    }
    sums.set(key, sum);
  }
  return [...sums.values()];
}

export function usage(view) {
  const period = periodOf(view.params);
  const figure = figureOf(view);
  const download = { path: '/admin/usage', params: { ...period, limit: PAGE_ROWS } };
  const shared = {
    download,
    note: ({ zone, from }) => (from === null ? `Days of ${zone}. The files have a row for each user.`
      : `There is more than can be shown: only days since ${date(from)}. Take a shorter period.`),
    empty: 'Nobody asked anything on these days. Take others above.',
  };
  // Both panels show the same rows, which are read once, and again when one of them is told to.
  let loading = null;
  const read = (signal) => {
    loading = loadUsage(period, signal);
    return loading;
  };
  const share = (signal) => (loading ?? read(signal)).catch((fault) => {
    loading = null;
    throw fault;
  });
  return [
    periodForm(view, period, [figureField(view)]),
    panel({
      ...shared,
      id: 'all-usage',
      title: 'Usage per day and endpoint',
      hint: `${FIGURES[figure]}, of all users together.`,
      load: read,
      chart: ({ rows }) => usageByDay(rows, period, figure),
      columns: USAGE_COLUMNS,
      rows: ({ rows }) => addedUp(rows, ['date', 'endpoint']),
    }),
    panel({
      ...shared,
      id: 'top-users',
      title: 'Who uses most',
      load: share,
      chart: ({ rows }, theme) => lyingBars(byUser(rows, figure).slice(0, MOST_BARS), nameOf, figure, FIGURES[figure], theme),
      columns: [{ key: 'email', label: 'User', format: (_, row) => nameOf(row) },
        ...USAGE_COLUMNS.filter(({ key }) => key in FIGURES)],
      rows: ({ rows }) => byUser(rows, figure),
    }),
  ];
}

function byUser(rows, figure) {
  return addedUp(rows, ['user_id', 'email']).sort((one, other) => other[figure] - one[figure] || one.user_id - other.user_id);
}

function nameOf({ email, user_id: id }) {
  return email ?? `User ${id}`;
}
