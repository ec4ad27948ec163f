// All users: whose balance is low, and what an administrator does to an account.
import { h } from '../dom.js';
import { get } from '../api.js';
import { date, number } from '../format.js';
import { field, form } from '../form.js';
import { panel } from '../panel.js';
import { address } from '../place.js';
import { scopesOf, topUp } from './account.js';
import { lyingBars } from './charts.js';
import { pagedPanel } from './ledger.js';
import { asking } from './period.js';

const LOW_CREDITS = 100;
const PAGE_ROWS = 1000;
const MOST_BARS = 15;

export function users(view) {
  const below = Number(view.params.get('below')) || LOW_CREDITS;
  const part = view.params.get('email_like') ?? '';
  const lists = [];
  const changed = () => lists.forEach((list) => list.reload());
  const columns = userColumns(changed);
  lists.push(lowBalances(below, part, columns), userList(view, part, columns));
  return [
    asking(form({
      label: 'What to show',
      fields: [
        field({ label: 'A balance is low below', name: 'below', type: 'number', value: below, min: 1, step: 1, required: true }),
        field({ label: 'E-mail has', name: 'email_like', type: 'search', value: part, maxlength: 254 }),
      ],
      submit: 'Show',
      onSubmit: (values) => view.go({ view: 'users', ...values }),
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
        href: address('credits', { view: 'ledger', user_email: user.email }) }, 'Ledger')) },
  ];
}

/** The lowest first. */
function lowBalances(below, part, columns) {
  const params = { credits_below: below, email_like: part, limit: PAGE_ROWS };
  const sorted = (data) => data.users.toSorted((one, other) => one.credits - other.credits || one.user_id - other.user_id);
  return panel({
    id: 'low-balances',
    title: 'Low balances',
    hint: `Users with fewer than ${number(below)} credits, the lowest first.`,
    load: async (signal) => {
      const { data, headers } = await get('/admin/users', params, { signal });
      return { users: data.data, more: headers.has('Link') };
    },
    chart: (data, theme) => lyingBars(sorted(data).slice(0, MOST_BARS), (user) => user.email, 'credits', 'Credits', theme),
    columns,
    rows: sorted,
    download: { path: '/admin/users', params },
    note: ({ users: found, more }) => `${more ? `The first ${number(PAGE_ROWS)} by id` : `Users: ${number(found.length)}`}${found.length > MOST_BARS ? `; the chart has the ${MOST_BARS} lowest` : ''}`,
    empty: `None of these users has fewer than ${number(below)} credits.`,
  });
}

function userList(view, part, columns) {
  return pagedPanel(view, {
    id: 'users',
    title: 'Users',
    path: '/admin/users',
    params: { email_like: part, limit: 100 },
    order: 'Next page',
    first: 'First page',
    columns,
    empty: 'There is no such user. Clear the field above, or wait until somebody signs up.',
  });
}
