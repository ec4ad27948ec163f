// Where one is: the address after the #, which reproduces the view, and the signal that ends with it.

let controller = new AbortController();
let lastAddress = '';

/** {id, params} of an address such as #/calls?msisdn=346… */
export function read(hash = location.hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { id: path, params: new URLSearchParams(query) };
}

/** The address of a page with these parameters; empty ones are left out. */
export function address(id, params = {}) {
  const entries = params instanceof URLSearchParams ? [...params] : Object.entries(params);
  const given = entries.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const query = new URLSearchParams(given).toString();
  return query ? `#/${id}?${query}` : `#/${id}`;
}

/** Goes there, and renders anew also if it is the same place. */
export function go(id, params) {
  const target = address(id, params);
  if (target === location.hash) {
    window.dispatchEvent(new Event('hashchange'));
  } else {
    location.hash = target;
  }
}

/** Ends what belongs to the view so far, and begins the next. */
export function enter() {
  controller.abort();
  controller = new AbortController();
  lastAddress = location.hash;
  return controller.signal;
}

/** Whether a view is still the one that is shown. */
export function isHere(signal) {
  return signal === controller.signal && lastAddress === location.hash;
}

/** The signal of the view that is shown. */
export function pageSignal() {
  return controller.signal;
}
