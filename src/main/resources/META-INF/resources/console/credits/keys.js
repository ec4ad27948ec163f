// A consumer's keys. A new one is shown once, in a dialog, and is nowhere after it.
import { h } from '../dom.js';
import { get, send } from '../api.js';
import { ago, dateTime } from '../format.js';
import { failure, field, form } from '../form.js';
import { panel } from '../panel.js';
import { confirm, openDialog, showKey } from '../dialog.js';
import { once } from '../once.js';

const DAY_MILLIS = 86_400_000;
const NEVER = 'never';
const KEEP = 'Keep it now, as you keep a password: it is shown this once.';

/** Why a key is good no more, or until when it is. */
export function stateOf(key, now = Date.now()) {
  if (key.revoked_at) {
    return `Revoked ${ago(key.revoked_at)}`;
  }
  if (!key.expires_at) {
    return 'Good';
  }
  return Date.parse(key.expires_at) <= now ? `Expired ${ago(key.expires_at)}` : `Good until ${dateTime(key.expires_at)}`;
}

function isGood(key) {
  return !key.revoked_at && (!key.expires_at || Date.parse(key.expires_at) > Date.now());
}

export function keysPanel() {
  const told = h('div', { class: 'told', role: 'status', tabindex: '-1' });
  const element = panel({
    id: 'keys',
    title: 'Keys',
    hint: 'Each program gets its own, so that one can be replaced without the others.',
    load: async (signal) => (await get('/keys', { limit: 1000 }, { signal })).data,
    columns: [
      { key: 'name', label: 'Name', format: (name) => name || 'Without a name' },
      { key: 'start', label: 'Starts with', format: (start) => (start ? h('code', {}, `${start}…`) : '–') },
      { key: 'state', label: 'State', format: (_, key) => stateOf(key) },
      { key: 'last_used_at', label: 'Last used', format: (at) => (at ? ago(at) : 'Never') },
      { key: 'created_at', label: 'Created', format: dateTime },
      { key: 'id', label: 'Change', format: (_, key) => actions(key, element, told) },
    ],
    rows: (data) => data.data,
    empty: 'There is no key. Create one below.',
  });
  element.append(told, newKeyForm(element));
  return element;
}

function actions(key, element, told) {
  if (!isGood(key)) {
    return '–';
  }
  const called = key.name || `${key.start}…`;
  return h('div', { class: 'row-actions' },
    h('button', { type: 'button', class: 'button small', 'aria-label': `Rotate ${called}`, onClick: () => rotate(key, called, element, told) }, 'Rotate'),
    h('button', { type: 'button', class: 'button small danger', 'aria-label': `Revoke ${called}`,
      onClick: () => revoke(key, called, element, told) }, 'Revoke'));
}

function newKeyForm(element) {
  const asked = once();
  const made = form({
    fields: [
      field({ label: 'Name', name: 'name', required: true, maxlength: 100, hint: 'Which program it is for' }),
      field({ label: 'Good for', name: 'days', value: NEVER, options: [
        { value: NEVER, label: 'Until it is revoked' }, { value: '30', label: '30 days' },
        { value: '90', label: '90 days' }, { value: '365', label: 'A year' }] }),
    ],
    label: 'New key',
    submit: 'Create a key',
    onSubmit: async ({ name, days }) => {
      const headers = asked.headers({ name, days });
      const expires = days === NEVER ? null : new Date(asked.since() + Number(days) * DAY_MILLIS).toISOString();
      const { data } = await send('POST', '/keys', { json: { name, expires_at: expires }, headers });
      asked.done();
      made.reset();
      // Not awaited: the form is done, and gets its button back.
      showKey({ title: 'Your new key', text: KEEP, key: data.api_key }).then(() => {
        element.reload();
        made.querySelector('input').focus();
      });
    },
  });
  return h('div', { class: 'panel-extra' }, h('h3', {}, 'New key'), made);
}

async function rotate(key, called, element, told) {
  const asked = once();
  let made = null;
  const shown = openDialog({
    title: `Rotate ${called}`,
    content: [
      h('p', {}, 'You get a new key of the same name. The old one stays good for a while, so that programs can change over.'),
      form({
        fields: [field({ label: 'The old key stays good for', name: 'grace', value: '3600', options: [
          { value: '0', label: 'No longer' }, { value: '3600', label: 'An hour' },
          { value: '86400', label: 'A day' }, { value: '604800', label: 'A week' }] })],
        submit: 'Rotate',
        onSubmit: async ({ grace }) => {
          const { data } = await send('POST', `/keys/${key.id}/rotate`,
            { json: { grace_seconds: Number(grace) }, headers: asked.headers({ grace }) });
          asked.done();
          made = data.api_key;
          shown.close();
        },
      }),
      h('button', { type: 'button', class: 'button', onClick: () => shown.close() }, 'Cancel'),
    ],
  });
  await shown.closed;
  if (made !== null) {
    const text = `${KEEP} If you are logged in with the old key, log in with this one before it ends.`;
    const put = showKey({ title: 'The key that replaces it', text, key: made });
    made = null;
    await put;
    tell(told, `${called} was rotated.`);
    await element.reload();
  }
}

async function revoke(key, called, element, told) {
  const wanted = await confirm({
    title: `Revoke ${called}?`,
    text: 'Whatever uses this key is refused from now on. This cannot be taken back. If you are logged in with it, you are logged out.',
    action: 'Revoke',
  });
  if (!wanted) {
    return;
  }
  try {
    await send('DELETE', `/keys/${key.id}`);
    tell(told, `${called} was revoked.`);
    await element.reload();
  } catch (problem) {
    tell(told, failure(problem));
  }
}

/** The focus goes there, because the button that was pressed is gone. */
function tell(told, what) {
  told.replaceChildren(what);
  told.focus();
}
