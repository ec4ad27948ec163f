// What an administrator changes of an account, in dialogs.
import { announce, h } from '../dom.js';
import { send } from '../api.js';
import { number } from '../format.js';
import { field, form } from '../form.js';
import { openDialog } from '../dialog.js';
import { once } from '../once.js';

const MOST_CREDITS = 1_000_000_000;
const SCOPES = { calls: 'Calls', analytics: 'Analytics', interactions: 'Interactions', reports: 'Reports' };

function cancel(shown) {
  return h('button', { type: 'button', class: 'button', onClick: () => shown().close() }, 'Cancel');
}

/** Adds credits, once however often it is sent; `changed` is called when it was done. */
export function topUp(user, changed) {
  const asked = once();
  const shown = openDialog({
    title: 'Top up',
    content: [
      h('p', {}, `${user.email} has ${number(user.credits)} credits.`),
      form({
        fields: [field({ label: 'Credits to add', name: 'amount', type: 'number', min: 1, max: MOST_CREDITS, step: 1, required: true })],
        submit: 'Top up',
        extra: cancel(() => shown),
        onSubmit: async ({ amount }) => {
          const params = { user_email: user.email, amount };
          const { data } = await send('POST', '/admin/topup', { params, headers: asked.headers(params) });
          asked.done();
          shown.close();
          announce(`${data.email} has ${number(data.credits)} credits now`);
          changed();
        },
      }),
    ],
  });
}

/** Says which jobs a user's keys read beside records. */
export function scopesOf(user, changed) {
  const shown = openDialog({
    title: 'Scopes',
    content: [
      h('p', {}, `What the keys of ${user.email} read beside records and their own account.`),
      form({
        fields: Object.entries(SCOPES).map(([name, label]) => field({ label, name, type: 'checkbox', value: user.scopes.includes(name) })),
        submit: 'Save',
        extra: cancel(() => shown),
        onSubmit: async (values) => {
          const scopes = Object.keys(SCOPES).filter((name) => values[name]);
          await send('PUT', `/admin/users/${user.user_id}/scopes`, { json: { scopes } });
          shown.close();
          announce(`The keys of ${user.email} read: ${scopes.join(', ') || 'nothing else'}`);
          changed();
        },
      }),
    ],
  });
}
