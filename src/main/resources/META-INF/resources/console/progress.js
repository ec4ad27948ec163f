// How far something is, for the eye and for screen readers.

import { h, uid } from './dom.js';

/** Said aloud at most at these steps, so that nobody is talked over. */
const STEP = 0.25;

/**
 * A bar with a sentence. `set(fraction, sentence)`: fraction 0..1, or null when it is not known how far.
 */
export function progress(label) {
  const id = uid('progress');
  const bar = h('progress', { id, max: '1', value: 0, 'aria-label': label });
  const sentence = h('p', { class: 'progress-text', 'aria-hidden': 'true' });
  const spoken = h('p', { class: 'visually-hidden', role: 'status' });
  const element = h('div', { class: 'progress' }, bar, sentence, spoken);
  let said = null;
  element.set = (fraction, text) => {
    if (fraction === null || fraction === undefined) {
      bar.removeAttribute('value');
    } else {
      bar.value = Math.max(0, Math.min(1, fraction));
    }
    sentence.textContent = text ?? '';
    const step = `${Math.floor((fraction ?? 0) / STEP)} ${(text ?? '').replace(/[\d.,%]+/g, '')}`;
    if (step !== said) {
      said = step;
      spoken.textContent = text ?? '';
    }
  };
  return element;
}
