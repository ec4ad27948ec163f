// What is drawn of credits. Each function gives an option of echarts, or null when there is nothing to draw.
import { number } from '../format.js';
import { daysOf } from './period.js';

const DAY_MILLIS = 86_400_000;
/** A line that is longer says nothing but that it is long. */
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
    grid: { left: 12, right: 24, top: 40, bottom: 12, containLabel: true },
    legend: { top: 0, left: 0 },
    tooltip: { trigger: 'axis', valueFormatter: number },
    xAxis: { type: 'time' },
    yAxis: { type: 'value', name: 'Credits', min: 0, minInterval: 1 },
    series: [
      { name: 'Balance', type: 'line', step: 'end', showSymbol: points.length < 60, symbolSize: 5, areaStyle: { opacity: 0.12 }, data: points },
      ...ahead(points.at(-1), perDay),
    ],
  };
}

function ahead([at, balance], perDay) {
  if (perDay <= 0 || balance <= 0) {
    return [];
  }
  const days = Math.min(balance / perDay, MAX_AHEAD_DAYS);
  return [{
    name: 'At the present pace',
    type: 'line',
    showSymbol: false,
    lineStyle: { type: 'dashed' },
    data: [[at, balance], [at + days * DAY_MILLIS, Math.round(balance - days * perDay)]],
  }];
}

/** Rows {date, endpoint, …} as bars: one for each day, stacked by endpoint; a day without any is there, and empty. */
export function usageByDay(rows, period, figure, label) {
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
    yAxis: { type: 'value', name: label, minInterval: 1 },
    series: [...endpoints].sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([endpoint, data]) => ({ name: endpoint, type: 'bar', stack: 'all', barMaxWidth: 28, data })),
  };
}

/** Rows as lying bars, the first at the top. */
export function lyingBars(rows, name, figure, label) {
  return {
    grid: { left: 12, right: 56, top: 8, bottom: 28, containLabel: true },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: number },
    xAxis: { type: 'value', name: label, nameLocation: 'middle', nameGap: 26 },
    yAxis: { type: 'category', inverse: true, data: rows.map(name), axisLabel: { width: 160, overflow: 'truncate' } },
    series: [{ name: label, type: 'bar', barMaxWidth: 26, data: rows.map((row) => row[figure]),
      label: { show: true, position: 'right', formatter: ({ value }) => number(value) } }],
  };
}
