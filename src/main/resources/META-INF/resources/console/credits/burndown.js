// A balance over time: entry by entry as long as one page of the ledger has them all, else day by day.
import { get } from '../api.js';
import { date, dateTime, number } from '../format.js';
import { panel } from '../panel.js';
import { burnDown, burnDownByDay } from './charts.js';
import { LEDGER_COLUMNS } from './ledger.js';

const MAX_ENTRIES = 1000;

const DAY_COLUMNS = [
  { key: 'date', label: 'Day', format: date },
  { key: 'added', label: 'Added', numeric: true },
  { key: 'taken', label: 'Taken', numeric: true },
  { key: 'balance', label: 'Balance at its end', numeric: true },
  { key: 'entries', label: 'Entries', numeric: true },
];

/**
 * @param from /me or /admin
 * @param whose parameters that say whose balance
 * @param period of days, and whether it was chosen
 * @param hint what the chart says
 * @param pace (signal) -> {perDay}, credits that are used on a day
 */
export function burnDownPanel({ from, whose = {}, period, chosen, hint, pace = async () => ({ perDay: 0 }) }) {
  const ledger = { path: `${from}/ledger`, params: { ...whose, limit: MAX_ENTRIES } };
  const days = { path: `${from}/balances`, params: { ...whose, ...period } };
  return panel({
    id: 'burn-down',
    title: 'Burn-down',
    hint,
    load: async (signal) => {
      const [entries, { perDay }] = await Promise.all([chosen ? null : get(ledger.path, ledger.params, { signal }), pace(signal)]);
      if (entries !== null && !entries.headers.has('Link')) {
        return { entries: entries.data.data, rows: entries.data.data, perDay };
      }
      const { data } = await get(days.path, days.params, { signal });
      return { entries: null, rows: data.data, zone: data.zone, perDay };
    },
    chart: ({ entries, rows, perDay }) => (entries === null ? burnDownByDay(rows, period, perDay) : burnDown(entries, perDay)),
    columns: ({ entries }) => (entries === null ? DAY_COLUMNS : LEDGER_COLUMNS),
    rows: ({ rows }) => rows,
    download: ({ entries }) => (entries === null ? days : ledger),
    note: ({ entries, rows, zone }) => noteOf(entries, rows, zone),
    empty: chosen ? 'The balance did not change on these days. Take others above.' : 'Nothing has changed this balance yet.',
  });
}

function noteOf(entries, rows, zone) {
  if (rows.length === 0) {
    return null;
  }
  return entries === null ? `Days of ${zone} on which it changed. The chart has the others too.`
    : `The whole ledger: ${number(entries.length)} ${entries.length === 1 ? 'entry' : 'entries'} since ${dateTime(entries.at(-1).created_at)}.`;
}
