// What goes on while one looks: its state as a badge, and clocks.

import { h, replace } from './dom.js';

/** A state in a word; kind: good, bad, warn or none. */
export function badge(word, kind = '') {
  return h('span', { class: `badge ${kind}`.trim() }, word);
}

/** Does something now and every second until the signal, or the function that it gives, ends it. */
export function everySecond(run, signal) {
  run();
  const timer = setInterval(run, 1000);
  const end = () => clearInterval(timer);
  if (signal.aborted) {
    end();
  }
  signal.addEventListener('abort', end, { once: true });
  return end;
}

/** A button that does something once at a time; what goes wrong comes to stand in `faults(fault)`, null before each try. */
export function action(label, run, faults, props = {}) {
  return h('button', {
    type: 'button', class: 'button', ...props,
    onClick: async (event) => {
      const own = event.currentTarget;
      own.disabled = true;
      faults(null);
      try {
        await run();
      } catch (fault) {
        if (fault?.name !== 'AbortError') {
          faults(fault);
        }
      } finally {
        own.disabled = false;
      }
    },
  }, label);
}

/** What is wrong beside what is shown: gives an element, and a function that puts a fault into it or takes it out. */
export function faultPlace(failure) {
  const place = h('div');
  return [place, (fault) => place.replaceChildren(...(fault ? [failure(fault)] : []))];
}

/** As `replace`; who was in it with the keyboard stays there. */
export function replaceInPlace(element, ...children) {
  const within = element.contains(document.activeElement);
  replace(element, ...children);
  if (within) {
    (element.querySelector('button') ?? document.querySelector('#main h1'))?.focus();
  }
}
