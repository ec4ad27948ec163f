// Single figures, large.

import { h } from './dom.js';

/** each: [{label, value, hint}], values as they are to be read. */
export function figures(each) {
  return h('dl', { class: 'figures' }, each.map(({ label, value, hint }) => h('div', { class: 'figure' },
    h('dt', null, label),
    h('dd', null, h('span', { class: 'figure-value' }, value), hint ? h('span', { class: 'hint' }, hint) : null))));
}
