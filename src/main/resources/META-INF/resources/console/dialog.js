// What has to be answered before anything else happens. The browser's own <dialog> keeps the focus inside and gives it back.
import { h, uid } from './dom.js';

/**
 * Opens a dialog; it is gone from the page when it closes.
 * @param title its name, also to screen readers
 * @param content nodes
 * @param held whether the key Escape leaves it open
 * @returns {{element, close, closed}} closed: a promise of what it was closed with
 */
export function openDialog({ title, content, held = false }) {
  const heading = uid('dialog');
  const element = h('dialog', { class: 'dialog', 'aria-labelledby': heading },
    h('h2', { id: heading }, title), content);
  if (held) {
    element.addEventListener('cancel', (event) => event.preventDefault());
  }
  const closed = new Promise((resolve) => {
    element.addEventListener('close', () => {
      element.remove();
      resolve(element.returnValue);
    });
  });
  document.body.append(element);
  element.showModal();
  return { element, closed, close: (value = '') => element.close(value) };
}

/** Asks before something that cannot be taken back; true when it is wanted. */
export async function confirm({ title, text, action }) {
  const cancel = h('button', { type: 'button', class: 'button', onClick: () => asked.close() }, 'Cancel');
  const asked = openDialog({
    title,
    content: [h('p', {}, text), h('div', { class: 'dialog-actions' }, cancel,
      h('button', { type: 'button', class: 'button danger', onClick: () => asked.close('yes') }, action))],
  });
  // Whoever presses Enter without reading loses nothing.
  cancel.focus();
  return (await asked.closed) === 'yes';
}

/** The field that shows a key, and a button that copies it. */
export function secretField(key) {
  // As a property of the field, not as text: nothing that reads the page's text reads the key.
  const input = h('input', { id: uid('key'), class: 'link', readonly: true, autocomplete: 'off', spellcheck: 'false',
    value: key, onFocus: (event) => event.target.select() });
  const told = h('span', { class: 'hint', role: 'status' });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      // No clipboard without TLS, but the selection can still be copied.
      input.select();
      document.execCommand('copy');
    }
    told.textContent = 'Copied.';
  };
  const element = h('div', { class: 'secret' }, h('label', { for: input.id }, 'API key'), input,
    h('div', { class: 'row' }, h('button', { type: 'button', class: 'button', onClick: copy }, 'Copy'), told));
  return { element, forget: () => { input.value = ''; } };
}

/** Shows a key, this once; resolves when it was put away and is nowhere any more. */
export async function showKey({ title, text, key }) {
  const field = secretField(key);
  const shown = openDialog({
    title,
    held: true,
    content: [h('p', {}, text), field.element, h('div', { class: 'dialog-actions' },
      h('button', { type: 'button', class: 'button primary', onClick: () => shown.close() }, 'I have kept it'))],
  });
  await shown.closed;
  field.forget();
}
