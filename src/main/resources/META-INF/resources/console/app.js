// What is shown where, to whom.

import { announce, h, replace } from './dom.js';
import { logOut, session } from './api.js';
import { failure } from './form.js';
import { logIn } from './login.js';
import { address, enter, go, isHere, read } from './place.js';

const PAGES = ['calls', 'reports', 'analytics', 'interactions', 'credits'];

const main = document.getElementById('main');
const nav = document.getElementById('nav');
const who = document.getElementById('who');

const ROLES = ['admin', 'operator', 'viewer'];
let pages = null;
let shownId = null;
let why = null;
let kind = 'operator';

/** Not before there is something to see: nobody waits at the log-in for pages that come later. */
function loadPages() {
  pages ??= Promise.all(PAGES.map((name) => import(`./pages/${name}.js`).then((module) => module.default, (fault) => {
    pages = null;
    return { id: name, title: name, who: () => true, render: () => failure(fault) };
  })));
  return pages;
}

async function render() {
  const signal = enter();
  if (session === null) {
    shownId = null;
    showLogIn();
    return;
  }
  try {
    const own = (await loadPages()).filter((page) => page.who(session));
    const place = read();
    const page = own.find((one) => one.id === place.id) ?? (place.id === '' ? own[0] : null);
    if (isHere(signal)) {
      showNav(own, page);
      await showPage(page, place, signal);
    }
  } catch (fault) {
    if (isHere(signal)) {
      replace(main, failure(fault));
    }
  }
}

function showLogIn() {
  delete main.dataset.place;
  nav.hidden = true;
  who.hidden = true;
  document.title = 'Log in – Tally';
  replace(main, logIn({ why, kind, onDone: render }));
  (main.querySelector('.failure') ? main.querySelector('h1') : main.querySelector('input'))?.focus();
}

function showNav(own, page) {
  nav.hidden = false;
  who.hidden = false;
  replace(nav, h('ul', null, own.map((one) => h('li', null, h('a', {
    href: address(one.id), 'aria-current': one === page ? 'page' : null,
  }, one.title)))));
  replace(who,
    h('span', { class: 'who-name' }, session.name),
    h('span', { class: 'badge' }, session.kind === 'operator' ? (ROLES.find((role) => session.roles.includes(role)) ?? 'operator') : 'API key'),
    h('button', { type: 'button', class: 'button small', onClick: () => leave(null) }, 'Log out'));
}

async function showPage(page, place, signal) {
  if (!page) {
    shownId = null;
    replace(main, h('h1', { tabindex: '-1' }, 'Not here'),
      h('p', { class: 'empty' }, 'This page does not exist, or not for you. Choose one above.'));
    main.querySelector('h1').focus();
    return;
  }
  const again = shownId === page.id;
  const path = again ? pathOf(document.activeElement) : null;
  document.title = `${page.title} – Tally`;
  const view = { params: place.params, go: (params) => go(page.id, params), signal };
  if (!again) {
    replace(main, heading(page), h('div', { class: 'loading' }, h('span', { class: 'visually-hidden' }, 'Loading')));
  }
  const content = await page.render(view);
  if (!isHere(signal)) {
    return;
  }
  shownId = page.id;
  replace(main, hasHeading(content) ? null : heading(page), content);
  // Of which address this is, for whoever waits for it.
  main.dataset.place = location.hash;
  if (again) {
    atPath(path)?.focus();
  } else {
    main.querySelector('h1')?.focus();
    window.scrollTo(0, 0);
    announce(page.title);
  }
}

function hasHeading(content) {
  return content.nodeName === 'H1' || content.querySelector?.('h1');
}

function heading(page) {
  return h('div', { class: 'page-head' },
    h('h1', { tabindex: '-1' }, page.title),
    h('button', { type: 'button', class: 'button small', onClick: copyLink }, 'Copy link to this view'));
}

async function copyLink(event) {
  const button = event.currentTarget;
  try {
    await navigator.clipboard.writeText(location.href);
    button.textContent = 'Copied';
    announce('The link was copied');
  } catch {
    // Only pages of TLS or of this machine may write there.
    button.replaceWith(h('input', { class: 'link', readonly: true, 'aria-label': 'Link to this view', value: location.href }));
    main.querySelector('.link').select();
  }
}

/** Where an element is in the page, so that the one that takes its place can have the focus. */
function pathOf(element) {
  const path = [];
  for (let at = element; at && at !== main; at = at.parentElement) {
    if (!main.contains(at)) {
      return null;
    }
    path.unshift([...at.parentElement.children].indexOf(at));
  }
  return path;
}

function atPath(path) {
  let at = path ? main : null;
  for (const index of path ?? []) {
    at = at?.children[index];
  }
  return at;
}

function leave(reason) {
  kind = session?.kind ?? 'operator';
  why = reason;
  logOut();
  render();
  why = null;
}

document.querySelector('.skip').addEventListener('click', (event) => {
  // Not as an address: those are the pages'.
  event.preventDefault();
  main.focus();
});
document.addEventListener('tally:unauthenticated', () => leave('Your log-in is no longer good. Log in again.'));
window.addEventListener('hashchange', render);
render();
requestAnimationFrame(() => setTimeout(loadPages));
