// Elements made by code. Never by text that is read as markup: what comes from outside stays text.

/** Set as properties, because the attribute of the same name only says how they began. */
const PROPERTIES = new Set(['value', 'checked', 'selected', 'disabled', 'hidden', 'indeterminate']);

let lastId = 0;

/** An id that no other element of this page has. */
export function uid(prefix = 'e') {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/**
 * An element. A property is a class, an attribute (null, undefined and false leave it out), `dataset`, or `onClick` and the
 * like; a child is a node, a text, a number, an array of them, or null, which is left out.
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    setProperty(element, name, value);
  }
  append(element, children);
  return element;
}

function setProperty(element, name, value) {
  if (value === null || value === undefined || (value === false && !name.startsWith('aria-'))) {
    return;
  }
  if (name === 'class') {
    element.className = value;
  } else if (name === 'dataset') {
    Object.assign(element.dataset, value);
  } else if (/^on[A-Z]/.test(name)) {
    element.addEventListener(name.slice(2).toLowerCase(), value);
  } else if (PROPERTIES.has(name)) {
    element[name] = value;
  } else {
    element.setAttribute(name, value === true && !name.startsWith('aria-') ? '' : String(value));
  }
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
}

/** Puts these children in the place of those that are there. Gives the element. */
export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** Tells those who listen to the page rather than see it. */
export function announce(sentence) {
  const announcer = document.getElementById('announcer');
  if (announcer) {
    announcer.textContent = sentence;
  }
}
