// Credits: a consumer's own account, and all accounts for those who look after them.
import { h } from '../dom.js';
import { session } from '../api.js';
import { address } from '../place.js';
import { ownAccount } from '../credits/consumer.js';
import { allAccounts, VIEWS } from '../credits/operator.js';

function seesAll(who) {
  return who.roles.includes('admin') || who.scopes.includes('accounts');
}

/** Keys of users that are administrators see both. */
function viewsOf(who) {
  return { ...(who.kind === 'consumer' ? { mine: 'My account' } : {}), ...(seesAll(who) ? VIEWS : {}) };
}

/** Links between the views, each an address of its own. */
function tabs(all, current) {
  return h('nav', { class: 'tabs', 'aria-label': 'Credits' }, Object.entries(all).map(([id, title]) => h('a', {
    href: address('credits', { view: id }), class: 'tab', 'aria-current': id === current ? 'true' : null,
  }, title)));
}

export default {
  id: 'credits',
  title: 'Credits',
  who: (who) => who.kind === 'consumer' || seesAll(who),
  render(view) {
    const all = viewsOf(session);
    const asked = view.params.get('view');
    const current = asked in all ? asked : Object.keys(all)[0];
    return h('div', null,
      Object.keys(all).length > 1 ? tabs(all, current) : null,
      current === 'mine' ? ownAccount(view) : allAccounts(view, current));
  },
};
