// Builds elements and keeps them up to date. Text from outside only ever becomes a text node: there is no way to pass HTML.

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'path', 'circle', 'rect', 'line', 'g', 'text', 'polyline', 'title']);
const PATHS = {
  home: 'M3 11l9-8 9 8M5 9v11h5v-6h4v6h5V9',
  deals: 'M5 3h10l4 4v14H5zM9 9h6M9 13h6M9 17h4',
  pipeline: 'M3 5h5v14H3zM10 5h5v9h-5zM17 5h4v5h-4z',
  funds: 'M3 7h18v12H3zM3 11h18M7 15h4',
  peers: 'M12 5a2 2 0 100-.01M5 18a2 2 0 100-.01M19 18a2 2 0 100-.01M12 7v5M12 12l-6 4M12 12l6 4',
  asks: 'M4 7h10M18 7h2M4 12h2M10 12h10M4 17h8M16 17h4M16 5v4M8 10v4M14 15v4',
  routes: 'M6 4v8a4 4 0 004 4h8M18 16l-3-3M18 16l-3 3M6 4L3 7M6 4l3 3',
  alerts: 'M6 16V11a6 6 0 0112 0v5l2 2H4zM10 21h4',
  search: 'M11 4a7 7 0 100 14 7 7 0 000-14M16 16l5 5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  tick: 'M5 12l5 5 9-10',
  sun: 'M12 8a4 4 0 100 8 4 4 0 000-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5',
  moon: 'M20 14A8.500 8.500 0 0110 4a8.500 8.500 0 1010 10',
  auto: 'M12 3a9 9 0 100 18zM12 3a9 9 0 010 18',
  menu: 'M4 7h16M4 12h16M4 17h16',
  out: 'M14 4h6v6M20 4l-9 9M11 5H5v14h14v-6',
  leave: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  calm: 'M4 13l5 5L20 6',
};

// h('a.row', {href: '#/'}, 'text', child, [children], null)
export function h(what, props, ...children) {
  const [tag, ...classes] = what.split('.');
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag || 'div');
  if (classes.length) element.setAttribute('class', classes.join(' '));
  for (const [name, value] of Object.entries(props || {})) put(element, name, value);
  add(element, children);
  return element;
}

function put(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith('on')) element[name] = value;
  else if (name === 'style') for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
  else if (name === 'class') element.setAttribute('class', [element.getAttribute('class'), value].filter(Boolean).join(' '));
  else if (name === 'href') element.setAttribute('href', safe(String(value)));
  else element.setAttribute(name, value === true ? '' : String(value));
}

// Links lead within this page or to pages of this node, never elsewhere.
function safe(target) {
  return target.startsWith('#') || /^\/[a-z]/.test(target) || target === '/' ? target : '#/';
}

function add(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(element, child);
    else if (child instanceof Node) element.append(child);
    else if (child !== null && child !== undefined && child !== false) element.append(String(child));
  }
}

export function icon(name) {
  return h('svg', {viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.8', 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true'}, h('path', {d: PATHS[name]}));
}

const HANDLERS = ['onclick', 'onsubmit', 'oninput', 'onchange', 'onkeydown'];

// Makes what is shown like what was drawn anew, keeping elements, and with them focus, scroll and typed text.
export function show(place, ...fresh) {
  const holder = document.createElement('div');
  add(holder, fresh);
  children(place, holder);
}

function children(old, fresh) {
  const keyed = new Map();
  for (const child of old.children) if (child.dataset && child.dataset.key) keyed.set(child.dataset.key, child);
  let place = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const key = child.dataset && child.dataset.key;
    let match = key ? keyed.get(key) : place;
    if (match && !key && match.dataset && match.dataset.key) match = null;
    if (!match || !alike(match, child)) {
      old.insertBefore(child, place);
      continue;
    }
    if (match !== place) old.insertBefore(match, place);
    else place = place.nextSibling;
    patch(match, child);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function alike(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName
      && (one.nodeType !== Node.ELEMENT_NODE || (one.dataset.key || '') === (other.dataset.key || '') && one.id === other.id);
}

function patch(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.dataset.still !== undefined) return; // looks after itself
  for (const name of old.getAttributeNames()) {
    if (name !== 'style' && !fresh.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) old.removeAttribute(name);
  }
  for (const name of fresh.getAttributeNames()) {
    if (name !== 'style' && old.getAttribute(name) !== fresh.getAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) old.setAttribute(name, fresh.getAttribute(name));
  }
  if (old.style && old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
  for (const name of HANDLERS) if (old[name] !== fresh[name]) old[name] = fresh[name];
  if (old.nodeName === 'SELECT' || old.nodeName === 'TEXTAREA') {
    if (old.nodeName === 'SELECT' && old.children.length !== fresh.children.length) old.replaceChildren(...fresh.children);
    return;
  }
  children(old, fresh);
}

// Tells people who do not see the page, and shows it for a while to those who do.
export function say(text) {
  const place = document.getElementById('said');
  const line = h('p', null, text);
  place.append(line);
  setTimeout(() => line.remove(), 6000);
}
