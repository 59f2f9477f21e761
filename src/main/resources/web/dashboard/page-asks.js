// A miner's price list with its form and the limits in force; at a daemon, what a miner asks.

import {h, say} from './dom.js';
import {call} from './rpc.js';
import {ask} from './dialog.js';
import {atto, chainHead, count, epoch, epochs, fil, filText, size} from './format.js';
import {isMiner, lacking} from './words.js';

const YEAR_MS = 365 * 86400000;
const SIZES = [];
for (let bytes = 128; bytes <= 64 * 2 ** 30; bytes *= 2) SIZES.push(bytes);

// An ask is in attoFIL a GiB and epoch; people think in FIL a GiB and year.
const perYear = value => BigInt(value) * BigInt(Math.round(YEAR_MS / chainHead().epochMillis));
const perEpoch = value => (BigInt(value) / BigInt(Math.round(YEAR_MS / chainHead().epochMillis))).toString();
const plain = value => filText(value).replace(/ FIL|,|under /g, '');

export default function asks(app) {
  let mine = null;
  let limits = [];
  let theirs = null;
  let problem = null;

  async function load() {
    limits = (await call('Caravan.Limits').catch(() => ({limits: []}))).limits;
    if (isMiner()) mine = (await call('Filecoin.MarketGetAsk').catch(() => null)) || null;
  }

  const title = () => (isMiner() ? 'Asks and limits' : 'Ask a miner');

  function view() {
    return [
      h('div.head', null, h('div', null, h('h1', null, title()), h('p.lead', null, isMiner() ? 'What this miner asks for, and which deals it takes. Clients see the ask, signed, before they propose.' : 'What a miner asks for, read from it directly, its signature checked.'))),
      chainHead() ? h('div.grid', null, isMiner() ? [current(), form()] : query()) : null,
      limits.length ? table() : null,
    ];
  }

  function terms(a) {
    return h('dl.facts', null, h('dt', null, 'A GiB for a year'), h('dd', null, fil(perYear(a.Price))), h('dt', null, 'The same, verified'), h('dd', null, fil(perYear(a.VerifiedPrice))),
        h('dt', null, 'Smallest piece'), h('dd', null, size(a.MinPieceSize)), h('dt', null, 'Biggest piece'), h('dd', null, size(a.MaxPieceSize)), h('dt', null, 'Holds until'), h('dd', null, epoch(a.Expiry)));
  }

  function current() {
    return h('section.card.w5', null, h('h2', null, 'The ask in force'), mine ? [terms(mine.Ask), h('p.small.faint', null, `Exactly ${mine.Ask.Price} attoFIL a GiB and epoch (verified: ${mine.Ask.VerifiedPrice}), number ${mine.Ask.SeqNo}.`)] : h('p.quiet', null, 'None is set: clients are refused until one is.'));
  }

  function form() {
    const no = lacking('admin');
    const now = mine ? mine.Ask : {Price: '0', VerifiedPrice: '0', MinPieceSize: 256, MaxPieceSize: 2 ** 35};
    const options = chosen => SIZES.map(bytes => h('option', {value: bytes, selected: bytes === Number(chosen)}, size(bytes)));
    const days = h('input', {name: 'days', type: 'number', min: 1, max: 500, step: 1, value: 30, required: true, disabled: Boolean(no)});
    async function submit(event) {
      event.preventDefault();
      const form = event.target.elements;
      const price = atto(form.price.value);
      const verified = atto(form.verified.value);
      form.price.setAttribute('aria-invalid', String(price === null));
      form.verified.setAttribute('aria-invalid', String(verified === null));
      if (price === null || verified === null) { say('Give prices such as 0.0005'); return; }
      if (Number(form.min.value) > Number(form.max.value)) { say('The smallest piece must not be bigger than the biggest'); return; }
      const duration = Math.round(Number(form.days.value) * 86400000 / chainHead().epochMillis);
      const done = await ask({title: 'Change the ask?', verb: 'Change the ask',
        lines: [`A GiB for a year: ${filText(price)}, was ${filText(perYear(now.Price))}.`, `The same, verified: ${filText(verified)}, was ${filText(perYear(now.VerifiedPrice))}.`, `Pieces from ${size(form.min.value)} to ${size(form.max.value)}, for ${form.days.value} days.`],
        consequence: 'It holds at once for new proposals. Deals that are agreed keep their price. It costs nothing.',
        act: () => call('Filecoin.MarketSetAsk', perEpoch(price), perEpoch(verified), duration, Number(form.min.value), Number(form.max.value))});
      if (done) { say('The ask is changed'); app.reload(); }
    }
    return h('section.card.w7', null, h('h2', null, 'Change it'), h('form.stack', {onsubmit: submit, id: 'set-ask'},
        h('div.fields', null,
            h('label.field', null, h('span', null, 'FIL for a GiB and year'), h('input', {name: 'price', value: plain(perYear(now.Price)), inputmode: 'decimal', autocomplete: 'off', required: true, disabled: Boolean(no)})),
            h('label.field', null, h('span', null, 'The same, for verified deals'), h('input', {name: 'verified', value: plain(perYear(now.VerifiedPrice)), inputmode: 'decimal', autocomplete: 'off', required: true, disabled: Boolean(no)})),
            h('label.field', null, h('span', null, 'Smallest piece'), h('select', {name: 'min', disabled: Boolean(no)}, options(now.MinPieceSize))),
            h('label.field', null, h('span', null, 'Biggest piece'), h('select', {name: 'max', disabled: Boolean(no)}, options(now.MaxPieceSize))),
            h('label.field', null, h('span', null, 'Holds for days'), days)),
        h('div.buttons', null, h('button.button.primary', {type: 'submit', disabled: Boolean(no)}, 'Change…')), no ? h('p.small.quiet', null, no) : null));
  }

  function query() {
    async function submit(event) {
      event.preventDefault();
      const miner = event.target.elements.miner.value.trim();
      theirs = problem = null;
      try {
        const info = await call('Filecoin.StateMinerInfo', miner, []);
        if (!info.PeerId) throw new Error('That miner has not told the chain where it is.');
        theirs = await call('Filecoin.ClientQueryAsk', info.PeerId, miner);
      } catch (e) {
        problem = e.message;
      }
      app.draw();
    }
    const a = theirs && (theirs.Response || theirs);
    return [h('section.card.w5', null, h('form.stack.tight', {onsubmit: submit, id: 'query-ask'}, h('label.field', null, h('span', null, 'Miner’s address'), h('input', {name: 'miner', required: true, placeholder: 't01000', autocomplete: 'off', spellcheck: 'false'})), h('div.buttons', null, h('button.button.primary', {type: 'submit'}, 'Ask'))),
        problem ? h('p.error', {role: 'alert'}, problem) : null),
    a ? h('section.card.w7', null, h('h2', null, 'What ', h('span.mono', null, a.Miner), ' asks for'), terms(a), h('p.quiet', null, 'A 1 GiB piece for 180 days: ', fil(perYear(a.Price) * 180n / 365n))) : null];
  }

  // 'true', '0' and '14d' as people say it.
  function value({value, what}) {
    const time = /^(\d+)(ms|s|m|h|d)$/.exec(value);
    if (!value) return 'none';
    if (value === 'true' || value === 'false') return value === 'true' ? 'yes' : 'no';
    if (/^0( ?FIL)?$/i.test(value) && /0 ?(FIL)? is no/i.test(what)) return 'no limit';
    if (time) return `${time[1]} ${{ms: 'ms', s: 's', m: 'min', h: 'h', d: time[1] === '1' ? 'day' : 'days'}[time[2]]}`;
    if (/^\d{4,}$/.test(value)) return /epoch/i.test(what) && chainHead() ? `${count(value)} epochs (${epochs(value)})` : count(value);
    return value.replace(/^([\d.]+)([A-Z])/i, '$1 $2');
  }

  function table() {
    return h('section.card.flush', null, h('header', null, h('h2', null, 'Limits in force'), h('span.faint', null, 'Change them in the file caravan.properties of the home folder.')),
        h('table.rows.settings', null, h('thead', null, h('tr', null, h('th', null, 'Setting'), h('th', null, 'Is'), h('th', null, 'What it does'))),
            h('tbody', null, limits.map(limit => h('tr', {'data-key': limit.key}, h('td', null, h('code', null, limit.key)), h('td', null, h('strong', null, value(limit))), h('td.wide.quiet', null, limit.what))))));
  }

  return {title: title(), load, news: () => false, view};
}
