// What administrators see of all accounts, and do to them.
import { h } from '../dom.js';
import { get } from '../api.js';
import { date, dateTime, number } from '../format.js';
import { field, form } from '../form.js';
import { panel } from '../panel.js';
import { burnDownPanel } from './burndown.js';
import { asking, periodForm, periodOf } from './period.js';
import { lyingBars, usageByDay } from './charts.js';
import { LEDGER_COLUMNS, nextPage, pagedPanel } from './ledger.js';
import { FIGURES, figureField, figureOf, USAGE_COLUMNS } from './consumer.js';
import { scopesOf, topUp } from './account.js';

const LOW_CREDITS = 100;
const PAGE_ROWS = 1000;
/** Of usage, that are added up here. */
const MAX_PAGES = 5;
const MOST_BARS = 15;
export const VIEWS = { users: 'Users', usage: 'Usage', ledger: 'Ledger', questions: 'Questions' };

/** @param shown one of the views */
export function allAccounts(view, shown) {
  switch (shown) {
    case 'usage': return usage(view);
    case 'ledger': return ledger(view);
    case 'questions': return questions(view);
    default: return users(view);
  }
}

// Users

function users(view) {
  const below = Number(view.params.get('below')) || LOW_CREDITS;
  const lists = [];
  const changed = () => lists.forEach((list) => list.reload());
  const columns = userColumns(changed);
  lists.push(lowBalances(below, columns), userList(view, columns));
  return [
    asking(form({
      label: 'What to show',
      fields: [
        field({ label: 'A balance is low below', name: 'below', type: 'number', value: below, min: 1, step: 1, required: true }),
        field({ label: 'E-mail has', name: 'email_like', type: 'search', value: view.params.get('email_like') ?? '', maxlength: 254 }),
      ],
      submit: 'Show',
      onSubmit: ({ below: low, email_like: part }) => view.go({ view: 'users', below: low === String(LOW_CREDITS) ? '' : low, email_like: part }),
    })),
    lists,
  ];
}

function userColumns(changed) {
  return [
    { key: 'email', label: 'E-mail' },
    { key: 'name', label: 'Name' },
    { key: 'credits', label: 'Balance', numeric: true },
    { key: 'scopes', label: 'Also reads', format: (scopes, user) => [...scopes, ...(user.is_admin ? ['accounts'] : [])].join(', ') || '–' },
    { key: 'created_at', label: 'Since', format: date },
    { key: 'user_id', label: 'Id', numeric: true, format: String },
    { key: 'change', label: 'Change', format: (_, user) => h('div', { class: 'row-actions' },
      h('button', { type: 'button', class: 'button small', 'aria-label': `Top up ${user.email}`, onClick: () => topUp(user, changed) }, 'Top up'),
      h('button', { type: 'button', class: 'button small', 'aria-label': `Scopes of ${user.email}`, onClick: () => scopesOf(user, changed) }, 'Scopes'),
      h('a', { class: 'button small', 'aria-label': `Ledger of ${user.email}`,
        href: `#/credits?view=ledger&user_email=${encodeURIComponent(user.email)}` }, 'Ledger')) },
  ];
}

/** The lowest first. */
function lowBalances(below, columns) {
  const params = { credits_below: below, limit: PAGE_ROWS };
  const sorted = (data) => data.users.toSorted((one, other) => one.credits - other.credits || one.user_id - other.user_id);
  return panel({
    id: 'low-balances',
    title: 'Low balances',
    hint: `Users with fewer than ${number(below)} credits, the lowest first.`,
    load: async (signal) => {
      const { data, headers } = await get('/admin/users', params, { signal });
      return { users: data.data, more: headers.has('Link') };
    },
    chart: (data) => lyingBars(sorted(data).slice(0, MOST_BARS), (user) => user.email, 'credits', 'Credits'),
    columns,
    rows: sorted,
    download: { path: '/admin/users', params },
    note: ({ users: found, more }) => `${more ? `The first ${number(PAGE_ROWS)} by id` : `${number(found.length)} users`}${found.length > MOST_BARS ? `; the chart has the ${MOST_BARS} lowest` : ''}`,
    empty: `Nobody has fewer than ${number(below)} credits.`,
  });
}

function userList(view, columns) {
  return pagedPanel(view, {
    id: 'users',
    title: 'Users',
    path: '/admin/users',
    params: { email_like: view.params.get('email_like') ?? '', limit: 100 },
    order: 'Next page',
    first: 'First page',
    columns,
    empty: 'There is no such user. Clear the field above, or wait until somebody signs up.',
  });
}

// Usage

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

function usage(view) {
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
      chart: ({ rows }) => usageByDay(rows, period, figure, FIGURES[figure]),
      columns: USAGE_COLUMNS,
      rows: ({ rows }) => addedUp(rows, ['date', 'endpoint']),
    }),
    panel({
      ...shared,
      id: 'top-users',
      title: 'Who uses most',
      load: share,
      chart: ({ rows }) => lyingBars(byUser(rows, figure).slice(0, MOST_BARS), nameOf, figure, FIGURES[figure]),
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

// Ledger and questions

function emailField(view) {
  return field({ label: 'E-mail of a user', name: 'user_email', type: 'email', value: view.params.get('user_email') ?? '',
    hint: 'Empty for all users', maxlength: 254 });
}

function ledger(view) {
  const email = view.params.get('user_email') ?? '';
  const period = periodOf(view.params);
  return [
    email ? periodForm(view, period, [emailField(view)])
      : asking(form({ label: 'What to show', fields: [emailField(view)], submit: 'Show', onSubmit: (values) => view.go({ view: 'ledger', ...values }) })),
    email ? burnDownPanel({ from: '/admin', whose: { user_email: email }, period, chosen: view.params.has('start_date') }) : null,
    pagedPanel(view, {
      id: 'ledger',
      title: email ? `Ledger of ${email}` : 'Ledger of all users',
      hint: 'Whatever changed a balance, the latest first.',
      path: '/admin/ledger',
      params: { user_email: email, limit: 100 },
      columns: [LEDGER_COLUMNS[0], { key: 'user_id', label: 'User', numeric: true, format: String }, ...LEDGER_COLUMNS.slice(1)],
      empty: 'Nothing has changed a balance yet.',
    }),
  ];
}

function questions(view) {
  const email = view.params.get('user_email') ?? '';
  const period = periodOf(view.params);
  return [
    periodForm(view, period, [emailField(view)]),
    pagedPanel(view, {
      id: 'questions',
      title: email ? `Questions of ${email}` : 'Questions of all users',
      hint: 'Every question that was paid for, the latest first.',
      path: '/admin/logs',
      params: { ...period, user_email: email, limit: 100 },
      columns: [
        { key: 'created_at', label: 'When', format: dateTime },
        { key: 'user_id', label: 'User', numeric: true, format: String },
        { key: 'endpoint', label: 'Endpoint' },
        { key: 'query_params', label: 'Asked', format: (asked) => h('code', {}, asked) },
        { key: 'records_returned', label: 'Records', numeric: true },
        { key: 'credits_used', label: 'Credits', numeric: true },
        { key: 'response_time_ms', label: 'Took, ms', numeric: true },
        { key: 'state', label: 'State' },
      ],
      empty: 'Nothing was asked on these days. Take others above.',
    }),
  ];
}
