// The heart of the console: figures as a chart and as a table, as files, with what to do when there are none or they fail.

import { h, replace, uid, announce } from './dom.js';
import { download as save } from './api.js';
import { draw, theme } from './charts.js';
import { failure } from './form.js';
import { number } from './format.js';
import { pageSignal } from './place.js';
import { table } from './table.js';

const FILES = [['CSV', 'csv'], ['XLSX', 'xlsx']];

/**
 * A section that loads, shows and saves figures. `reload()` of what it gives loads anew.
 *
 * load(signal) -> Promise<data>; rows(data) -> [{…}]; columns: [{key, label, numeric, format(value, row)}] or (data) => them;
 * chart(data, theme) -> an echarts option, an element, or null (then the table only); download: {path, params} or
 * (data) => it; empty: the sentence for no rows; note(data) -> small text; controls: an
 * element above them, such as a choice; height(rows) -> of the chart, in pixels.
 */
export function panel(spec) {
  const id = spec.id ?? uid('panel');
  const body = h('div', { class: 'panel-body' });
  const tools = h('div', { class: 'panel-tools' });
  const note = h('p', { class: 'panel-note muted small' });
  const faults = h('div');
  const section = h('section', { class: 'panel', id, 'aria-labelledby': `${id}-title` },
    h('div', { class: 'panel-head' },
      h('div', null, h('h2', { id: `${id}-title` }, spec.title), spec.hint ? h('p', { class: 'hint' }, spec.hint) : null),
      tools),
    spec.controls ? h('div', { class: 'panel-controls' }, spec.controls) : null,
    faults, body, note);
  const state = { mode: 'chart', ending: null, drawing: null, page: pageSignal() };
  section.reload = () => reload(spec, { id, body, tools, note, faults, section }, state);
  state.page.addEventListener('abort', () => {
    state.ending?.abort();
    state.drawing?.abort();
  }, { once: true });
  queueMicrotask(section.reload);
  return section;
}

async function reload(spec, parts, state) {
  state.ending?.abort();
  const ending = new AbortController();
  state.ending = ending;
  if (state.page.aborted) {
    return;
  }
  parts.section.setAttribute('aria-busy', 'true');
  parts.section.dataset.state = 'loading';
  replace(parts.faults);
  if (!parts.body.hasChildNodes()) {
    replace(parts.body, h('div', { class: 'loading' }, h('span', { class: 'visually-hidden' }, `Loading: ${spec.title}`)));
  }
  try {
    const data = await spec.load(ending.signal);
    if (!ending.signal.aborted) {
      show(spec, parts, state, data);
    }
  } catch (fault) {
    if (!ending.signal.aborted) {
      replace(parts.tools);
      replace(parts.note);
      replace(parts.body, failure(fault, { again: parts.section.reload }));
      parts.section.dataset.state = 'failed';
    }
  } finally {
    if (!ending.signal.aborted) {
      parts.section.setAttribute('aria-busy', 'false');
    }
  }
}

function show(spec, parts, state, data) {
  const rows = spec.rows ? spec.rows(data) : (data?.data ?? []);
  replace(parts.note, spec.note ? spec.note(data) : null);
  if (rows.length === 0) {
    replace(parts.tools);
    replace(parts.body, h('p', { class: 'empty' }, spec.empty ?? 'Nothing is here yet.'));
    parts.section.dataset.state = 'empty';
    announce(`${spec.title}: nothing to show`);
    return;
  }
  const content = { rows, columns: columnsOf(spec, data, rows), data };
  const charted = spec.chart ? spec.chart(data, theme()) : null;
  content.charted = charted;
  replace(parts.tools, charted ? toggle(spec, parts, state, content) : null, files(spec, parts, data));
  display(spec, parts, state, content);
  parts.section.dataset.state = 'shown';
  announce(`${spec.title}: ${number(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`);
}

function columnsOf(spec, data, rows) {
  if (typeof spec.columns === 'function') {
    return spec.columns(data);
  }
  return spec.columns ?? Object.keys(rows[0]).map((key) => ({ key, label: key, numeric: typeof rows[0][key] === 'number' }));
}

function display(spec, parts, state, content) {
  state.drawing?.abort();
  if (content.charted === null || state.mode === 'table') {
    replace(parts.body, table({ caption: spec.title, columns: content.columns, rows: content.rows }));
  } else if (content.charted instanceof Node) {
    replace(parts.body, content.charted);
  } else {
    const canvas = h('div', { class: 'chart', role: 'img', 'aria-label': `Chart: ${spec.title}` });
    if (spec.height) {
      canvas.style.setProperty('height', `${spec.height(content.rows)}px`);
    }
    replace(parts.body, canvas);
    state.drawing = new AbortController();
    draw(canvas, (now) => spec.chart(content.data, now), state.drawing.signal)
      .catch((fault) => {
        state.mode = 'table';
        replace(parts.faults, failure(fault));
        show(spec, parts, state, content.data);
      });
  }
}

function toggle(spec, parts, state, content) {
  const button = (mode, label) => h('button', {
    type: 'button', class: 'button small', 'aria-pressed': String(state.mode === mode), 'aria-label': `${label}: ${spec.title}`,
    onClick: (event) => {
      state.mode = mode;
      for (const other of event.currentTarget.parentElement.children) {
        other.setAttribute('aria-pressed', String(other === event.currentTarget));
      }
      display(spec, parts, state, content);
    },
  }, label);
  return h('div', { class: 'segments', role: 'group', 'aria-label': `Shown as, ${spec.title}` },
    button('chart', 'Chart'), button('table', 'Table'));
}

function files(spec, parts, data) {
  const source = typeof spec.download === 'function' ? spec.download(data) : spec.download;
  if (!source) {
    return null;
  }
  return h('div', { class: 'segments', role: 'group', 'aria-label': `As a file, ${spec.title}` }, FILES.map(([label, format]) => h('button', {
    type: 'button', class: 'button small', 'aria-label': `${label}: ${spec.title}`,
    onClick: async (event) => {
      const own = event.currentTarget;
      own.disabled = true;
      replace(parts.faults);
      try {
        await save(source.path, source.params, format);
      } catch (fault) {
        replace(parts.faults, failure(fault));
      } finally {
        own.disabled = false;
      }
    },
  }, label)));
}
