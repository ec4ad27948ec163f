// Makes a user of a stranger, who gets the first key here, this once.
import { h, replace } from './dom.js';
import { send } from './api.js';
import { failure, field, form } from './form.js';
import { number } from './format.js';
import { once } from './once.js';
import { secretField } from './dialog.js';

/**
 * The form, and after it the new key.
 * @param onReady is given the key when its owner goes on; without it there is only the key to copy
 * @param onCancel goes back to where the form was opened
 */
export function signUp({ onReady, onCancel } = {}) {
  const asked = once();
  const place = h('div', null);
  const element = form({
    fields: [
      field({ label: 'Name', name: 'name', required: true, autocomplete: 'name', maxlength: 200 }),
      field({ label: 'E-mail', name: 'email', type: 'email', required: true, autocomplete: 'email', maxlength: 254 }),
    ],
    label: 'Sign up',
    submit: 'Sign up',
    onSubmit: async ({ name, email }) => {
      const { data } = await send('POST', '/auth/signup', { json: { name, email }, headers: asked.headers({ name, email }) });
      asked.done();
      replace(place, welcome(data, onReady));
      place.querySelector('h2').focus();
    },
  });
  replace(place, h('p', { class: 'hint' }, 'You get an API key and the first credits at once.'), element,
    onCancel ? h('button', { type: 'button', class: 'button', onClick: onCancel }, 'Back to log-in') : null);
  return place;
}

function welcome({ api_key: key, credits }, onReady) {
  const secret = secretField(key);
  const outcome = h('div');
  const goOn = async () => {
    try {
      await onReady(key);
      secret.forget();
    } catch (problem) {
      replace(outcome, failure(problem));
    }
  };
  return [
    h('h2', { tabindex: '-1' }, 'Welcome'),
    h('p', {}, `You have ${number(credits)} credits. This is your API key. Keep it now: it is never shown again.`),
    secret.element,
    onReady ? h('button', { type: 'button', class: 'button primary', onClick: goOn }, 'I have kept it, log me in') : null,
    outcome,
  ];
}
