// A request that is sent twice, by a double click or after a lost answer, must count once: it has the same Idempotency-Key.

/** Not randomUUID, which browsers have on TLS and localhost only. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The keys of one form: the same as long as the same is asked for and it was not done yet. */
export function once() {
  let asked = null;
  let key = null;
  let at = 0;
  return {
    /** The headers of a request for these values. */
    headers(values) {
      const now = JSON.stringify(values);
      if (key === null || now !== asked) {
        asked = now;
        key = newKey();
        at = Date.now();
      }
      return { 'Idempotency-Key': key };
    },
    /** When this was asked for first: what is reckoned from it is the same when it is asked for again. */
    since() {
      return at;
    },
    /** It was done: whatever is asked for next is something new. */
    done() {
      key = null;
    },
  };
}
