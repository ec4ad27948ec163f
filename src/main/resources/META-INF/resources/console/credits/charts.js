// What is drawn of credits. Each function gives an option of echarts, or null when there is nothing to draw.
import { number } from '../format.js';
import { daysOf, plusDays, today } from './period.js';

const DAY_MILLIS = 86_400_000;
/** How far ahead is looked: as far as back, so that what was can still be seen. */
const MIN_AHEAD_DAYS = 7;
const MAX_AHEAD_DAYS = 90;

/**
 * A balance over time, which is what it was until the next entry; and, dashed, where it goes at a given pace.
 * @param entries of the ledger, the latest first
 * @param perDay credits that are used on a day; 0 when that is not known
 */
export function burnDown(entries, perDay = 0, now = Date.now()) {
  if (entries.length === 0) {
    return null;
  }
  const points = entries.map((entry) => [Date.parse(entry.created_at), entry.balance_after]).reverse();
  const [, balance] = points.at(-1);
  points.push([Math.max(now, points.at(-1)[0]), balance]);
  return {
    grid: { left: 12, right: 24, top: 64, bottom: 12, containLabel: true },
    legend: { top: 0, left: 0 },
    tooltip: { trigger: 'axis', valueFormatter: number },
    xAxis: { type: 'time' },
    yAxis: { type: 'value', name: 'Credits', nameTextStyle: { align: 'left' }, min: 0, minInterval: 1 },
    series: [
      { name: 'Balance', type: 'line', step: 'end', showSymbol: points.length < 60, symbolSize: 5, areaStyle: { opacity: 0.12 }, data: points },
      ...ahead(points.at(-1), perDay, (points.at(-1)[0] - points[0][0]) / DAY_MILLIS),
    ],
  };
}

function daysLeft(balance, perDay, past) {
  return perDay <= 0 || balance <= 0 ? 0
    : Math.min(balance / perDay, Math.max(past, MIN_AHEAD_DAYS), MAX_AHEAD_DAYS);
}

const PACE = { name: 'At the present pace', type: 'line', showSymbol: false, lineStyle: { type: 'dashed' } };

function ahead([at, balance], perDay, past) {
  const days = daysLeft(balance, perDay, past);
  return days === 0 ? [] : [{
    ...PACE,
    data: [[at, balance], [at + days * DAY_MILLIS, Math.round(balance - days * perDay)]],
  }];
}

/**
 * The same at the end of each day.
 * @param rows {date, added, taken, balance}, of the days on which it changed, the first one first
 */
export function burnDownByDay(rows, period, perDay = 0) {
  const now = today(period.zone);
  const past = daysOf(period).filter((day) => day <= now);
  const changed = new Map(rows.map((row) => [row.date, row.balance]));
  let balance = rows[0].balance - rows[0].added + rows[0].taken;
  const balances = past.map((day) => {
    balance = changed.get(day) ?? balance;
    return balance;
  });
  // Only from today on: what came after an earlier day is known.
  const left = past.at(-1) === now ? Math.ceil(daysLeft(balance, perDay, past.length)) : 0;
  const coming = Array.from({ length: left }, (_, index) => plusDays(now, index + 1));
  return {
    grid: { left: 12, right: 24, top: 64, bottom: 12, containLabel: true },
    legend: { top: 0, left: 0 },
    tooltip: { trigger: 'axis', valueFormatter: number },
    xAxis: { type: 'category', data: [...past, ...coming] },
    yAxis: { type: 'value', name: 'Credits', nameTextStyle: { align: 'left' }, min: 0, minInterval: 1 },
    series: [
      { name: 'Balance', type: 'line', step: 'end', showSymbol: past.length < 60, symbolSize: 5, areaStyle: { opacity: 0.12 }, data: balances },
      ...(left === 0 ? [] : [{ ...PACE, data: [...past.slice(1).map(() => null), balance,
        ...coming.map((_, index) => Math.max(0, Math.round(balance - (index + 1) * perDay)))] }]),
    ],
  };
}

/** Rows {date, endpoint, …} as bars: one for each day, stacked by endpoint; a day without any is there, and empty. */
export function usageByDay(rows, period, figure) {
  const days = daysOf(period);
  const index = new Map(days.map((day, place) => [day, place]));
  const endpoints = new Map();
  for (const row of rows) {
    const bars = endpoints.get(row.endpoint) ?? days.map(() => 0);
    bars[index.get(row.date)] += row[figure];
    endpoints.set(row.endpoint, bars);
  }
  return {
    grid: { left: 12, right: 24, top: 40, bottom: 12, containLabel: true },
    legend: { top: 0, left: 0 },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: number },
    xAxis: { type: 'category', data: days },
    yAxis: { type: 'value', minInterval: 1 },
    series: [...endpoints].sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([endpoint, data]) => ({ name: endpoint, type: 'bar', stack: 'all', barMaxWidth: 28, data })),
  };
}

/** Rows as lying bars, the first at the top. */
export function lyingBars(rows, name, figure, label, theme) {
  return {
    grid: { left: 12, right: 56, top: 8, bottom: 28, containLabel: true },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: number },
    xAxis: { type: 'value', name: label, nameLocation: 'middle', nameGap: 26, minInterval: whole(rows, figure) },
    yAxis: { type: 'category', inverse: true, data: rows.map(name), axisLabel: { width: 160, overflow: 'truncate' } },
    series: [{ name: label, type: 'bar', barMaxWidth: 26, data: rows.map((row) => row[figure]),
      label: { show: true, position: 'right', color: theme.text, formatter: ({ value }) => number(value) } }],
  };
}

/** Rows as standing bars, the first at the left. */
export function standingBars(rows, name, figure, label, theme) {
  return {
    grid: { left: 12, right: 12, top: 36, bottom: 12, containLabel: true },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: number },
    xAxis: { type: 'category', data: rows.map(name), axisLabel: { interval: 0, width: 84, overflow: 'truncate' } },
    yAxis: { type: 'value', name: label, nameTextStyle: { align: 'left' }, minInterval: whole(rows, figure) },
    series: [{ name: label, type: 'bar', barMaxWidth: 56, data: rows.map((row) => row[figure]),
      label: { show: true, position: 'top', color: theme.text, formatter: ({ value }) => number(value) } }],
  };
}

/** Between whole figures there is none to mark on an axis. */
function whole(rows, figure) {
  return rows.every((row) => Number.isInteger(row[figure])) ? 1 : 0;
}
