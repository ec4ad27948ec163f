// Lists of the ledger and of questions: the latest rows first, a page at a time.
import { h, replace } from '../dom.js';
import { get } from '../api.js';
import { dateTime, number } from '../format.js';
import { panel } from '../panel.js';

const KINDS = {
  grant: 'Grant', charge: 'Charge', refund: 'Refund', topup: 'Top-up', adjustment: 'Adjustment',
};

export const LEDGER_COLUMNS = [
  { key: 'created_at', label: 'When', format: dateTime },
  { key: 'kind', label: 'What', format: (kind) => KINDS[kind] ?? kind },
  { key: 'amount', label: 'Credits', numeric: true, format: signed },
  { key: 'balance_after', label: 'Balance after', numeric: true },
  { key: 'reference', label: 'Reference' },
];

/** With the sign that says whether they came or went. */
export function signed(amount) {
  return amount > 0 ? `+${number(amount)}` : number(amount).replace('-', '−');
}

/** The value of `after` that leads to the next page, or null when this is the last. */
export function nextPage(headers) {
  const link = /<([^>]*)>;\s*rel="?next"?/.exec(headers.get('Link') ?? '');
  return link ? new URLSearchParams(link[1].split('?')[1] ?? '').get('after') : null;
}

/**
 * A panel of one page of a list, with buttons to the pages after it and back to the first. The page is in the address.
 * @param order what comes on the next page, such as "Older"
 */
export function pagedPanel(view, { path, params, order = 'Older', first = 'Back to the latest', ...rest }) {
  const pager = h('nav', { class: 'pager', 'aria-label': `Pages of ${rest.title}` });
  const after = view.params.get('after') ?? '';
  const asked = { ...params, after };
  const go = (to) => view.go({ ...Object.fromEntries(view.params), after: to });
  const element = panel({
    ...rest,
    load: async (signal) => {
      const { data, headers } = await get(path, asked, { signal });
      const next = nextPage(headers);
      replace(pager,
        after ? h('button', { type: 'button', class: 'button', onClick: () => go('') }, first) : null,
        next ? h('button', { type: 'button', class: 'button', onClick: () => go(next) }, order) : null);
      return data;
    },
    rows: (data) => data.data,
    download: { path, params: asked },
  });
  element.append(pager);
  return element;
}
