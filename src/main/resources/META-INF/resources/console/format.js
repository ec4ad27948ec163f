// Figures and times as people read them. What is not there is a dash.

const NOTHING = '–';
const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
const units = ['B', 'KB', 'MB', 'GB', 'TB'];
const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const timeFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
});
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const STEPS = [[60, 'second', 1], [3600, 'minute', 60], [86400, 'hour', 3600], [86400 * 45, 'day', 86400],
  [86400 * 365, 'month', 86400 * 30.44], [Infinity, 'year', 86400 * 365.25]];

function isNothing(value) {
  return value === null || value === undefined || value === '';
}

/** 12,345.5 */
export function number(value) {
  if (isNothing(value)) {
    return NOTHING;
  }
  return Number.isFinite(Number(value)) ? plain.format(value) : String(value);
}

/** 3 h 20 min, 4 min 5 s, 12 s: the two largest units. */
export function duration(seconds) {
  if (isNothing(seconds)) {
    return NOTHING;
  }
  const whole = Math.round(Number(seconds));
  if (whole < 60) {
    return `${plain.format(Math.round(seconds * 10) / 10)} s`;
  }
  if (whole < 3600) {
    return join(Math.floor(whole / 60), 'min', whole % 60, 's');
  }
  if (whole < 86400 * 2) {
    return join(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min');
  }
  return join(Math.floor(whole / 86400), 'd', Math.floor((whole % 86400) / 3600), 'h');
}

function join(large, largeUnit, small, smallUnit) {
  return small === 0 ? `${plain.format(large)} ${largeUnit}` : `${plain.format(large)} ${largeUnit} ${small} ${smallUnit}`;
}

/** 1.2 MB */
export function bytes(value) {
  if (isNothing(value)) {
    return NOTHING;
  }
  let size = Number(value);
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${plain.format(unit === 0 ? size : Math.round(size * 10) / 10)} ${units[unit]}`;
}

/** 31 Jan 2024, of a day (YYYY-MM-DD) or an instant. */
export function date(iso) {
  return isNothing(iso) ? NOTHING : dayFormat.format(new Date(iso));
}

/** 31 Jan 2024, 14:05:06 UTC, in the zone of whoever looks. */
export function dateTime(iso) {
  return isNothing(iso) ? NOTHING : timeFormat.format(new Date(iso));
}

/** 3 minutes ago; also in 3 minutes. */
export function ago(iso) {
  if (isNothing(iso)) {
    return NOTHING;
  }
  const seconds = (new Date(iso).getTime() - Date.now()) / 1000;
  const [, unit, length] = STEPS.find(([below]) => Math.abs(seconds) < below);
  return relative.format(Math.trunc(seconds / length), unit);
}
