// What administrators see of all accounts.
import { h } from '../dom.js';
import { dateTime } from '../format.js';
import { field, form } from '../form.js';
import { usage } from './allusage.js';
import { burnDownPanel } from './burndown.js';
import { LEDGER_COLUMNS, pagedPanel } from './ledger.js';
import { asking, periodForm, periodOf } from './period.js';
import { users } from './users.js';

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
    email ? burnDownPanel({ from: '/admin', whose: { user_email: email }, period, chosen: view.params.has('start_date'),
      hint: 'The balance over time.' }) : null,
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
