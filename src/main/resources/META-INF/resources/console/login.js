// The log-in: operators with their user, consumers with their API key.

import { h, replace } from './dom.js';
import { form } from './form.js';
import { logInAsConsumer, logInAsOperator } from './api.js';

/** The form; `onDone()` is called when the credentials were good. `why` says why it is asked for again. */
export function logIn({ onDone, why = null, kind = 'operator' }) {
  const place = h('div');
  const buttons = [['operator', 'Operator'], ['consumer', 'API key']].map(([id, label]) => h('button', {
    type: 'button', class: 'button', 'aria-pressed': 'false', dataset: { kind: id }, onClick: () => choose(id),
  }, label));
  const choose = (chosen) => {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.dataset.kind === chosen));
    }
    replace(place, chosen === 'operator' ? operatorForm(onDone) : [consumerForm(onDone), stranger(place, onDone, choose)]);
  };
  choose(kind);
  return h('section', { class: 'login', 'aria-labelledby': 'login-title' },
    h('h1', { id: 'login-title', tabindex: '-1' }, 'Log in to Tally'),
    h('p', { class: 'lead' }, 'What was used, by whom, and what it cost.'),
    why ? h('p', { class: 'failure', role: 'alert' }, why) : null,
    h('div', { class: 'segments', role: 'group', 'aria-label': 'Log in as' }, buttons),
    place,
    h('p', { class: 'hint' }, 'Kept in this page’s memory only. Reloading or closing the page logs you out.'));
}

function operatorForm(onDone) {
  return form({
    label: 'Log in as operator',
    fields: [
      { label: 'User', name: 'user', autocomplete: 'username', required: true, autocapitalize: 'none', spellcheck: 'false' },
      { label: 'Password', name: 'password', type: 'password', autocomplete: 'current-password', required: true },
    ],
    submit: 'Log in',
    onSubmit: async ({ user, password }) => {
      await logInAsOperator(user, password);
      onDone();
    },
  });
}

function consumerForm(onDone) {
  return form({
    label: 'Log in with an API key',
    fields: [{
      label: 'API key', name: 'key', type: 'password', autocomplete: 'off', required: true, spellcheck: 'false',
      hint: 'It begins with tly_. An administrator cannot look it up for you: it was shown once.',
    }],
    submit: 'Log in',
    onSubmit: async ({ key }) => {
      await logInAsConsumer(key);
      onDone();
    },
  });
}

/** For who has no key yet. The form is loaded when it is wanted. */
function stranger(place, onDone, choose) {
  const open = async () => {
    const { signUp } = await import('./signup.js');
    replace(place, signUp({
      onReady: async (key) => {
        await logInAsConsumer(key);
        onDone();
      },
      onCancel: () => choose('consumer'),
    }));
    place.querySelector('input').focus();
  };
  return h('p', { class: 'row' }, 'No key yet?', h('button', { type: 'button', class: 'button small', onClick: open }, 'Sign up'));
}
