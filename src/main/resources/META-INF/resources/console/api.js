// The application's API. Credentials live in this module's memory and nowhere else: a reload of the page forgets them.

const POLL_MILLIS = 2000;

/** {kind: 'operator'|'consumer', name, roles: [...], scopes: [...]}, or null before log-in. */
export let session = null;
let credentials = {};

/** A fault as the API says it (RFC 9457), or one on the way there. */
export class Problem extends Error {
  constructor({ status = 0, title, detail, code, requestId, violations = [], retryAfterSeconds = null, extra = {} }) {
    super(detail ?? title);
    this.name = 'Problem';
    Object.assign(this, { status, title, detail, code, requestId, violations, retryAfterSeconds, extra });
  }
}

/** Whether the session has this role of operators: viewer, operator or admin. */
export function may(role) {
  return session !== null && session.roles.includes(role);
}

/** Whether this session reads a job: calls, analytics, interactions or reports. Of consumers, by the scopes of the key. */
export function reads(job, whose = session) {
  return whose !== null && (whose.roles.includes('viewer') || whose.scopes.includes(job));
}

export function logInAsOperator(user, password) {
  const text = new TextEncoder().encode(`${user}:${password}`);
  return logIn({ Authorization: `Basic ${btoa(String.fromCharCode(...text))}` });
}

export function logInAsConsumer(apiKey) {
  return logIn({ 'x-api-key': apiKey.trim() });
}

async function logIn(headers) {
  const response = await request('whoami', { headers });
  const who = await response.json();
  session = { kind: who.kind, name: who.name, roles: who.roles ?? [], scopes: who.scopes ?? [] };
  credentials = headers;
  return session;
}

export function logOut() {
  session = null;
  credentials = {};
}

/** -> {data, headers}; throws a Problem. */
export async function get(path, params, { signal } = {}) {
  const response = await authorized(withParams(path, params), { headers: { Accept: 'application/json' }, signal });
  return { data: await json(response), headers: response.headers };
}

/**
 * -> {status, data, headers}. `json` or `body` is what is sent; with `onProgress(fraction)` it says how much of the body has
 * gone.
 */
export async function send(method, path, { json: document, body, headers = {}, params, onProgress, signal } = {}) {
  const sent = { Accept: 'application/json', ...headers };
  if (document !== undefined) {
    sent['Content-Type'] = 'application/json';
  }
  const content = document !== undefined ? JSON.stringify(document) : body;
  const url = withParams(path, params);
  if (onProgress) {
    // The browser itself would ask for a log-in if an XMLHttpRequest were answered 401; so it is asked for here first.
    await authorized('whoami', { signal });
    return upload(method, url, sent, content, onProgress, signal);
  }
  const response = await authorized(url, { method, headers: sent, body: content, signal });
  return { status: response.status, data: await json(response), headers: response.headers };
}

/** Saves the answer as a file of the name that the server gave. format: csv, xlsx or json. */
export async function download(path, params, format) {
  const response = await authorized(withParams(path, format ? { ...params, format } : params), { headers: { Accept: '*/*' } });
  const blob = await response.blob();
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(response.headers.get('Content-Disposition')) ?? `tally.${format ?? 'txt'}`;
  document.body.append(link);
  link.click();
  link.remove();
  // Not at once: the browser reads it after this.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function fileName(disposition) {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '');
  if (encoded) {
    return decodeURIComponent(encoded[1]);
  }
  const match = /filename="?([^";]+)"?/i.exec(disposition ?? '');
  return match ? match[1] : null;
}

/**
 * Server-sent events; `onEvent` gets each one's data, read as JSON. Resolves when the stream ends, rejects when it breaks
 * or is not offered. By fetch: an EventSource cannot send credentials.
 */
export async function events(path, { onEvent, signal } = {}) {
  const response = await authorized(path, { headers: { Accept: 'text/event-stream' }, signal });
  if (!(response.headers.get('Content-Type') ?? '').startsWith('text/event-stream')) {
    await response.body?.cancel();
    throw new Problem({ status: response.status, title: 'No events', detail: 'The server offers no events here.' });
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (rest + value).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart());
      if (data.length > 0) {
        onEvent(JSON.parse(data.join('\n')));
      }
    }
  }
}

/**
 * Follows something until it is final: by events, and if there are none or they break, by asking every two seconds.
 * Resolves with the final state; rejects with the problem of asking, or when the signal ends it.
 */
export async function watch(eventsPath, statePath, isFinal, onState, signal) {
  let last = null;
  const take = (state) => {
    last = state;
    onState(state);
  };
  try {
    await events(eventsPath, { onEvent: take, signal });
  } catch (fault) {
    if (signal?.aborted) {
      throw fault;
    }
  }
  while (last === null || !isFinal(last)) {
    signal?.throwIfAborted();
    const { data } = await get(statePath, null, { signal });
    take(data);
    if (!isFinal(data)) {
      await pause(POLL_MILLIS, signal);
    }
  }
  return last;
}

function pause(millis, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, millis);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}

function withParams(path, params) {
  const given = Object.entries(params ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const query = new URLSearchParams(given).toString();
  const relative = path.replace(/^\//, '');
  if (!query) {
    return relative;
  }
  return `${relative}${relative.includes('?') ? '&' : '?'}${query}`;
}

async function authorized(path, { headers, ...options } = {}) {
  try {
    return await request(withParams(path), { ...options, headers: { ...credentials, ...headers } });
  } catch (fault) {
    if (fault instanceof Problem && fault.status === 401 && session !== null) {
      document.dispatchEvent(new CustomEvent('tally:unauthenticated', { detail: fault }));
    }
    throw fault;
  }
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: 'omit', cache: 'no-cache', ...options });
  } catch (fault) {
    if (options.signal?.aborted) {
      throw fault;
    }
    throw unreachable();
  }
  if (!response.ok) {
    throw problemOf(response.status, await response.text().catch(() => ''), (name) => response.headers.get(name));
  }
  return response;
}

function unreachable() {
  return new Problem({
    title: 'Tally cannot be reached',
    detail: 'No answer came. Look at your connection, and try again.',
    code: 'UNREACHABLE',
  });
}

function problemOf(status, text, header) {
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    // From something between here and the application, which does not say it as the application would.
  }
  const { title, detail, code, instance, violations, ...extra } = body;
  return new Problem({
    status,
    title: title ?? `The server answered ${status}`,
    detail: detail ?? 'It gave no reason.',
    code,
    requestId: header('X-Request-Id') ?? instance,
    violations,
    retryAfterSeconds: header('Retry-After') === null ? null : Number(header('Retry-After')),
    extra,
  });
}

async function json(response) {
  const text = await response.text();
  return text === '' ? null : JSON.parse(text);
}

function upload(method, url, headers, body, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    for (const [name, value] of Object.entries({ ...credentials, ...headers })) {
      xhr.setRequestHeader(name, value);
    }
    xhr.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0) {
        onProgress(event.loaded / event.total);
      }
    });
    xhr.upload.addEventListener('load', () => onProgress(1));
    xhr.addEventListener('load', () => {
      if (xhr.status >= 200 && xhr.status < 300) {
        const answered = new Headers();
        for (const line of xhr.getAllResponseHeaders().trim().split('\r\n')) {
          const colon = line.indexOf(':');
          if (colon > 0) {
            answered.append(line.slice(0, colon), line.slice(colon + 1).trim());
          }
        }
        resolve({ status: xhr.status, data: xhr.responseText === '' ? null : JSON.parse(xhr.responseText), headers: answered });
      } else {
        reject(problemOf(xhr.status, xhr.responseText, (name) => xhr.getResponseHeader(name)));
      }
    });
    xhr.addEventListener('error', () => reject(unreachable()));
    xhr.addEventListener('abort', () => reject(signal?.reason ?? unreachable()));
    signal?.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(body ?? null);
  });
}
