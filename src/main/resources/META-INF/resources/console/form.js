// Forms whose faults stand where they are mended.

import { h, replace, uid, announce } from './dom.js';

/**
 * A labelled input, select (options: [{value, label}] or texts) or textarea. Other properties are the input's own
 * attributes, such as min, pattern or autocomplete.
 */
export function field({ label, name, type = 'text', value, options, hint, required = false, wide = false, ...attributes }) {
  const id = uid('field');
  const hintId = hint ? `${id}-hint` : null;
  const props = { id, name, required, 'aria-describedby': hintId, ...attributes };
  const control = controlOf(type, value, options, props);
  const fault = h('p', { class: 'field-fault', id: `${id}-fault`, hidden: true });
  const element = h('div', { class: `field field-${type}${wide ? ' field-wide' : ''}`, dataset: { field: name } },
    h('label', { for: id }, label),
    control,
    hint ? h('p', { class: 'hint', id: hintId }, hint) : null,
    fault);
  element.control = control;
  element.fail = (sentence) => {
    fault.textContent = sentence ?? '';
    fault.hidden = !sentence;
    if (sentence) {
      control.setAttribute('aria-invalid', 'true');
      control.setAttribute('aria-describedby', [hintId, fault.id].filter(Boolean).join(' '));
    } else {
      control.removeAttribute('aria-invalid');
      if (hintId) {
        control.setAttribute('aria-describedby', hintId);
      } else {
        control.removeAttribute('aria-describedby');
      }
    }
  };
  return element;
}

function controlOf(type, value, options, props) {
  if (options) {
    const each = options.map((option) => (typeof option === 'object' ? option : { value: option, label: option }));
    return h('select', props, each.map((option) => h('option',
      { value: option.value, selected: String(option.value) === String(value ?? '') }, option.label)));
  }
  if (type === 'textarea') {
    return h('textarea', { ...props, value: value ?? '' });
  }
  if (type === 'checkbox') {
    return h('input', { ...props, type, checked: Boolean(value) });
  }
  return h('input', { ...props, type, ...(type === 'file' ? {} : { value: value ?? '' }) });
}

/** The zone whose days are meant. Those that the browser knows, the application knows too; a link may name another. */
export function zoneField(value) {
  const known = new Set(['UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? []), ...(value ? [value] : [])]);
  return field({
    label: 'Time zone of a day', name: 'zone', value,
    options: [{ value: '', label: 'The server’s' }, ...[...known].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))],
  });
}

/**
 * A form. `fields` are fields, or what makes them; `onSubmit(values)` may take its time and throw a Problem: its violations
 * come to stand beside their fields, everything else below. A file's value is a File, or null.
 */
export function form({ fields, submit = 'Show', onSubmit, extra = null, label = null }) {
  const each = fields.map((one) => (one instanceof Node ? one : field(one)));
  const button = h('button', { type: 'submit', class: 'button primary' }, submit);
  const outcome = h('div', { class: 'form-outcome' });
  const element = h('form', { class: 'form', novalidate: true, 'aria-label': label },
    h('div', { class: 'fields' }, each, h('div', { class: extra ? 'form-buttons field-wide' : 'form-buttons' }, button, extra)),
    outcome);
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    replace(outcome);
    each.forEach((one) => one.fail?.(null));
    if (element.getAttribute('aria-busy') === 'true' || !browserIsContent(each)) {
      return;
    }
    element.setAttribute('aria-busy', 'true');
    button.disabled = true;
    try {
      await onSubmit(valuesOf(element), element);
    } catch (fault) {
      showFault(fault, each, outcome);
    } finally {
      element.setAttribute('aria-busy', 'false');
      button.disabled = false;
    }
  });
  return element;
}

function valuesOf(element) {
  const values = {};
  for (const control of element.elements) {
    if (!control.name) {
      continue;
    }
    if (control.type === 'file') {
      values[control.name] = control.files[0] ?? null;
    } else if (control.type === 'checkbox') {
      values[control.name] = control.checked;
    } else if (control.type !== 'radio' || control.checked) {
      values[control.name] = control.value.trim();
    }
  }
  return values;
}

/** What the browser finds without asking the server, in the browser's words. */
function browserIsContent(fields) {
  let first = null;
  for (const one of fields) {
    const control = one.control;
    if (control && !control.checkValidity()) {
      one.fail(control.dataset.fault && !control.validity.valueMissing ? control.dataset.fault : control.validationMessage);
      first ??= control;
    }
  }
  first?.focus();
  return first === null;
}

function showFault(fault, fields, outcome) {
  if (fault?.name === 'AbortError') {
    return;
  }
  const unplaced = [];
  let first = null;
  for (const violation of fault.violations ?? []) {
    const name = String(violation.field ?? '').split('.').pop();
    const own = fields.find((one) => one.dataset?.field === name);
    if (own) {
      own.fail(violation.message);
      first ??= own.control;
    } else {
      unplaced.push(violation);
    }
  }
  if (first) {
    first.focus();
    announce(fault.title ?? 'Not accepted');
  }
  if (!first || unplaced.length > 0) {
    replace(outcome, failure(fault));
  }
}

/** What went wrong: the problem's title, its sentence, and by which id it is found in the log. */
export function failure(problem, { again = null } = {}) {
  const known = problem && 'requestId' in problem;
  const wait = problem?.retryAfterSeconds ? ` Try again in ${problem.retryAfterSeconds} s.` : '';
  return h('div', { class: 'failure', role: 'alert' },
    h('p', { class: 'failure-title' }, known ? problem.title : 'Something went wrong on this page'),
    h('p', null, (known ? problem.detail : String(problem?.message ?? problem)) + wait),
    violationsOf(problem),
    known && problem.requestId
      ? h('p', { class: 'small' }, 'Request id: ', h('code', null, problem.requestId),
        problem.code ? [' · ', h('a', { href: `problems#${problem.code}` }, problem.code)] : null)
      : null,
    again ? h('button', { type: 'button', class: 'button', onClick: again }, 'Try again') : null);
}

function violationsOf(problem) {
  const violations = problem?.violations ?? [];
  return violations.length === 0
    ? null
    : h('ul', null, violations.map((violation) => h('li', null, `${violation.field}: ${violation.message}`)));
}
