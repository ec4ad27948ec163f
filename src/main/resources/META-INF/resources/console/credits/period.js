// The days that are looked at: they stand in the address, so a link shows the same ones.
import { h } from '../dom.js';
import { field, form, zoneField } from '../form.js';

const DAYS = 30;
const DAY_MILLIS = 86_400_000;

/** Today in a zone, as YYYY-MM-DD. */
export function today(zone) {
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone || 'UTC' }).format(new Date());
}

function isDay(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

export function plusDays(day, days) {
  return new Date(Date.parse(day) + days * DAY_MILLIS).toISOString().slice(0, 10);
}

/** {start_date, end_date, zone} of the address; the last 30 days when it says nothing. */
export function periodOf(params) {
  const zone = params.get('zone') ?? '';
  const end = params.get('end_date') || latest(zone);
  // What is no day stays as it is: the API says so, and the panel shows it.
  const start = params.get('start_date') || (isDay(end) ? plusDays(end, 1 - DAYS) : '');
  return { start_date: start, end_date: end, zone };
}

function latest(zone) {
  try {
    return today(zone);
  } catch {
    // No zone that the browser knows. The API says what is wrong with it.
    return today('UTC');
  }
}

/** All days from the first to the last. */
export function daysOf({ start_date: start, end_date: end }) {
  const days = [];
  for (let day = start; isDay(end) && isDay(day) && day <= end; day = plusDays(day, 1)) {
    days.push(day);
  }
  return days;
}

/** Fields for a period, and others beside them. */
export function periodForm(view, period, others = []) {
  return asking(form({
    label: 'What to show',
    fields: [
      ...others,
      field({ label: 'From', name: 'start_date', type: 'date', value: period.start_date, required: true }),
      field({ label: 'To', name: 'end_date', type: 'date', value: period.end_date, required: true }),
      zoneField(period.zone),
    ],
    submit: 'Show',
    onSubmit: (values) => view.go({ ...Object.fromEntries(view.params), after: '', ...values }),
  }));
}

/** The frame of a form that says what the page shows. */
export function asking(element) {
  return h('section', { class: 'panel', 'aria-label': 'What to show' }, element);
}
