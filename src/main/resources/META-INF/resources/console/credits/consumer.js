// What a consumer sees of the own account.
import { get } from '../api.js';
import { date, number } from '../format.js';
import { figures } from '../figures.js';
import { panel } from '../panel.js';
import { field } from '../form.js';
import { daysOf, periodForm, periodOf, plusDays, today } from './period.js';
import { burnDownPanel } from './burndown.js';
import { usageByDay } from './charts.js';
import { LEDGER_COLUMNS, pagedPanel } from './ledger.js';
import { keysPanel } from './keys.js';

const PACE_DAYS = 30;
const MAX_DAYS_TOLD = 3650;

export const FIGURES = {
  credits_used: 'Credits used', requests: 'Requests', records_returned: 'Records returned',
};

export const USAGE_COLUMNS = [
  { key: 'date', label: 'Day', format: date },
  { key: 'endpoint', label: 'Endpoint' },
  { key: 'requests', label: 'Requests', numeric: true },
  { key: 'records_returned', label: 'Records returned', numeric: true },
  { key: 'credits_used', label: 'Credits used', numeric: true },
];

export function ownAccount(view) {
  const period = periodOf(view.params);
  const chosen = view.params.has('start_date');
  return [balancePanel(), periodForm(view, period, [figureField(view)]),
    burnDownPanel({ from: '/me', period, chosen, pace,
      hint: `The balance over time, and where it goes at the pace of the last ${PACE_DAYS} days.` }), usagePanel(view, period), ownLedger(view), keysPanel()];
}

export function figureOf(view) {
  const asked = view.params.get('figure');
  return asked in FIGURES ? asked : 'credits_used';
}

export function figureField(view) {
  return field({ label: 'Show', name: 'figure', value: figureOf(view),
    options: Object.entries(FIGURES).map(([value, label]) => ({ value, label })) });
}

/** Credits used on a day, over the days before today, which is not over. */
async function pace(signal) {
  const last = plusDays(today('UTC'), -1);
  const asked = { start_date: plusDays(last, 1 - PACE_DAYS), end_date: last, zone: 'UTC' };
  const { data } = await get('/me/usage', asked, { signal });
  const used = data.data.reduce((sum, row) => sum + row.credits_used, 0);
  return { used, perDay: used / PACE_DAYS };
}

async function loadBalance(signal) {
  const [me, spent] = await Promise.all([get('/me', {}, { signal }), pace(signal)]);
  return { ...me.data, ...spent };
}

function lasts({ credits, perDay }) {
  if (credits === 0) {
    return 'Used up. Ask whoever runs this service for a top-up.';
  }
  if (perDay === 0) {
    return `Nothing was used in the last ${PACE_DAYS} days`;
  }
  const days = Math.floor(credits / perDay);
  return days > MAX_DAYS_TOLD ? 'More than ten years' : `${number(days)} ${days === 1 ? 'day' : 'days'}, until about ${date(plusDays(today('UTC'), days))}`;
}

function balanceRows(data) {
  return [
    { label: 'Balance', value: `${number(data.credits)} credits` },
    { label: `Used in the ${PACE_DAYS} days before today (UTC)`, value: `${number(data.used)} credits` },
    { label: 'Lasts at this pace', value: lasts(data) },
    ...(data.rate_limit ? [{ label: 'Requests left in this window',
      value: `${number(data.rate_limit.remaining)} of ${number(data.rate_limit.limit)}` }] : []),
  ];
}

function balancePanel() {
  return panel({
    id: 'balance',
    title: 'Balance',
    load: loadBalance,
    chart: (data) => figures(balanceRows(data)),
    columns: [{ key: 'label', label: 'What' }, { key: 'value', label: 'Figure' }],
    rows: balanceRows,
    note: (data) => `${data.name}, ${data.email}`,
  });
}

function usagePanel(view, period) {
  const figure = figureOf(view);
  return panel({
    id: 'usage',
    title: 'Usage per day and endpoint',
    hint: `${FIGURES[figure]}. What was given back does not count.`,
    load: async (signal) => (await get('/me/usage', period, { signal })).data,
    chart: (data) => usageByDay(data.data, period, figure),
    columns: USAGE_COLUMNS,
    rows: (data) => data.data,
    download: { path: '/me/usage', params: period },
    note: (data) => `${number(daysOf(period).length)} days of ${data.zone}`,
    empty: 'Nothing was asked on these days. Take others above, or ask GET /query with your key.',
  });
}

function ownLedger(view) {
  return pagedPanel(view, {
    id: 'ledger',
    title: 'Ledger',
    hint: 'Whatever changed the balance, the latest first.',
    path: '/me/ledger',
    params: { limit: 100 },
    columns: LEDGER_COLUMNS,
    empty: 'Nothing has changed this balance yet.',
  });
}
