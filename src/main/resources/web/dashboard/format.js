// Numbers as people read them: FIL, MiB, moments, stretches of time, epochs with the time on the clock.

import {h, icon, say} from './dom.js';

const ATTO = 10n ** 18n;
let head = null; // {epoch, at (ms), epochMillis}
let skew = 0;

export function chainAt(news, nodeNow) {
  if (nodeNow) skew = Date.parse(nodeNow) - Date.now();
  if (news) head = {epoch: news.epoch, at: Date.parse(news.at), epochMillis: news.epochMillis};
}

export const chainHead = () => head;
export const now = () => Date.now() + skew;

// Three or four digits that count; the exact amount is the title.
export function filText(atto) {
  if (atto === null || atto === undefined) return '–';
  let value = BigInt(atto);
  const sign = value < 0n ? '−' : '';
  if (value < 0n) value = -value;
  if (value === 0n) return '0 FIL';
  if (value < 10n ** 6n) return `${sign}under 0.000000000001 FIL`;
  const text = value.toString().padStart(19, '0');
  const whole = text.slice(0, -18);
  let digits = text.slice(-18);
  const first = whole === '0' ? digits.search(/[1-9]/) : 0;
  const keep = whole === '0' ? first + 3 : Math.max(2, 5 - whole.length);
  digits = digits.slice(0, keep).replace(/0+$/, '');
  return sign + Number(whole).toLocaleString('en') + (digits ? '.' + digits : '') + ' FIL';
}

export function fil(atto) {
  return h('span.amount', {title: exact(atto)}, filText(atto));
}

export function exact(atto) {
  if (atto === null || atto === undefined) return '';
  const value = BigInt(atto);
  const size = value < 0n ? -value : value;
  const digits = (size % ATTO).toString().padStart(18, '0').replace(/0+$/, '');
  return `exactly ${value < 0n ? '−' : ''}${size / ATTO}${digits ? '.' + digits : ''} FIL`;
}

// '1.5' FIL as attoFIL text; null when it is no amount.
export function atto(text) {
  const match = /^\s*(\d{1,12})(?:[.,](\d{1,18}))?\s*(?:FIL)?\s*$/i.exec(text);
  return match ? (BigInt(match[1]) * ATTO + BigInt((match[2] || '').padEnd(18, '0'))).toString() : null;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function size(bytes) {
  if (bytes === null || bytes === undefined) return '–';
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) { value /= 1024; unit++; }
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export function count(number) {
  return Number(number).toLocaleString('en');
}

// '8 s', '3 min', '2 h 10 min', '4 d 3 h'
export function span(ms) {
  if (ms < 100) return 'under 0.1 s';
  if (ms < 1000) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return s < 600 && s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.round(s / 60)} min`;
  const part = (big, unit, small, other) => (small ? `${big} ${unit} ${small} ${other}` : `${big} ${unit}`);
  if (s < 86400) return part(Math.floor(s / 3600), 'h', Math.floor(s % 3600 / 60), 'min');
  const d = Math.floor(s / 86400);
  return d < 10 ? part(d, d === 1 ? 'day' : 'days', Math.floor(s % 86400 / 3600), 'h') : `${count(d)} days`;
}

const clock = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});
const day = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});
const full = new Intl.DateTimeFormat('en-GB', {dateStyle: 'full', timeStyle: 'long'});
const date = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit'});

export function momentText(at) {
  const when = new Date(at);
  const today = new Date(now());
  if (when.toDateString() === today.toDateString()) return clock.format(when);
  return (when.getFullYear() === today.getFullYear() ? day : date).format(when);
}

export function moment(at) {
  return at ? h('time', {datetime: new Date(at).toISOString(), title: full.format(new Date(at))}, momentText(at)) : '–';
}

export function ago(at) {
  const ms = now() - Date.parse(at);
  return h('time', {datetime: at, title: full.format(new Date(at))}, ms < 2000 ? 'just now' : ms >= 0 ? `${span(ms)} ago` : `in ${span(-ms)}`);
}

export function until(at) {
  const ms = Date.parse(at) - now();
  return h('time', {datetime: at, title: full.format(new Date(at))}, ms >= 0 ? `in ${span(ms)}` : `${span(-ms)} ago`);
}

export function epochMs(epoch) {
  return head ? head.at + (epoch - head.epoch) * head.epochMillis : null;
}

export function epoch(number) {
  if (number === null || number === undefined) return '–';
  const at = epochMs(number);
  return h('span', null, `epoch ${count(number)}`, at === null ? null : [' · ', h('time', {datetime: new Date(at).toISOString()}, date.format(new Date(at)))]);
}

export function epochs(number) {
  return head ? span(number * head.epochMillis) : `${count(number)} epochs`;
}

// What the node says, for people: CIDs shortened, its codes behind the words that they stand for, epochs with their time.
export function plain(text) {
  return text ? text.replace(/\bbaf[a-z2-7]{30,}\b/g, cid => short(cid)).replace(/\b([A-Z]{1,3}\d{1,3}) ([a-z]+(?:-[a-z]+)+): /g, (all, code, words) => `${words.replace(/-/g, ' ')} (${code}): `)
      .replace(/\bepoch (\d+)\b/g, (all, number) => (head ? `epoch ${count(number)} (${date.format(new Date(epochMs(Number(number))))})` : all)) : text;
}

export function short(text, ends = 6) {
  return text.length <= 2 * ends + 4 ? text : `${text.slice(0, ends + 2)}…${text.slice(-ends)}`;
}

export function cid(text, name) {
  if (!text) return '–';
  const button = h('button', {type: 'button', title: `Copy ${name || ''} ${text}`, 'aria-label': `Copy ${name || 'it'}`, onclick: event => copy(event, text)}, icon('copy'));
  return h('span.cid', {title: text}, short(text), button);
}

async function copy(event, text) {
  event.stopPropagation();
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(text);
    say('Copied');
  } catch (e) {
    say(text);
  }
}
