// All deals: by chapter, by what is stuck, by party, piece and date; or what a search finds. Pages go on by the last deal shown.

import {h, icon} from './dom.js';
import {call} from './rpc.js';
import {count} from './format.js';
import {allGroups, groupOf, isMiner, shortName, stateWords, needsPerson} from './words.js';
import {chips, rows} from './deal-parts.js';

const PAGE = 50;

export default function deals(app, query) {
  let list = [];
  let next = null;
  let stuck = null;
  let isOld = false;
  const group = query.get('group') || '';
  const find = query.get('find') || '';
  const state = query.get('state') || '';
  const party = query.get('party') || '';
  const piece = query.get('piece') || '';
  const before = query.get('before') || '';

  const filter = after => {
    const known = allGroups().find(one => one.group === group);
    const states = state ? [state] : known ? known.states : undefined;
    return Object.fromEntries(Object.entries({states, party, piece, after, limit: PAGE, before: before ? new Date(before + 'T23:59:59.999').toISOString() : ''}).filter(([, value]) => value));
  };

  async function load() {
    if (find) {
      list = await call('Caravan.DealSearch', find, 100);
      next = null;
    } else if (group === 'stuck') {
      list = await call('Caravan.DealsStuck', 200);
      next = null;
    } else {
      const page = await call('Caravan.Deals', filter(undefined));
      list = page.deals;
      next = page.next;
    }
    isOld = false;
    stuck = app.stuck;
  }

  async function more() {
    const page = await call('Caravan.Deals', filter(next));
    list = [...list, ...page.deals];
    next = page.next;
    app.draw();
  }

  // A deal that moved is shown as it is now; whether new ones belong on top the node says.
  function news(told) {
    for (const deal of told.deals || []) {
      const at = list.findIndex(one => one.proposalCid === deal.proposalCid);
      if (at >= 0) list[at] = deal;
      else if (!find) isOld = true;
      if (at >= 0 && group && !belongs(deal)) isOld = true;
    }
    if (told.more) isOld = true;
    if (isOld && list.length <= PAGE) app.reload();
    return Boolean(told.deals);
  }

  const belongs = deal => (group === 'stuck' ? needsPerson(deal) : groupOf(deal.stateName) === group);

  function go(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const wanted = new URLSearchParams();
    if (group && group !== 'stuck') wanted.set('group', group);
    for (const name of ['state', 'party', 'piece', 'before']) if (form.get(name)) wanted.set(name, form.get(name).trim());
    location.hash = `#/deals?${wanted}`;
  }

  function filters() {
    const states = allGroups().filter(one => !group || group === 'stuck' || one.group === group).flatMap(one => one.states);
    const isSet = party || piece || state || before;
    return h('details.folded', {open: isSet || matchMedia('(min-width: 640px)').matches}, h('summary', null, 'Filter'), h('form.filters', {onsubmit: go, 'aria-label': 'Filter'},
        h('label.field', null, h('span', null, 'State'), h('select', {name: 'state', onchange: event => event.target.form.requestSubmit()}, h('option', {value: ''}, 'any'),
            states.map(name => h('option', {value: name, selected: name === state}, `${shortName(name)}: ${stateWords(name)}`)))),
        h('label.field', null, h('span', null, isMiner() ? 'Client’s address' : 'Miner’s address'), h('input', {name: 'party', value: party, placeholder: isMiner() ? 't1…' : 't01000', autocomplete: 'off', spellcheck: 'false'})),
        h('label.field', null, h('span', null, 'Piece CID'), h('input', {name: 'piece', value: piece, placeholder: 'baga…', autocomplete: 'off', spellcheck: 'false'})),
        h('label.field', null, h('span', null, 'Made on or before'), h('input', {name: 'before', type: 'date', value: before})),
        h('button.button', {type: 'submit'}, 'Filter'), isSet ? h('a.button', {href: group ? `#/deals?group=${group}` : '#/deals'}, 'Clear') : null));
  }

  function view() {
    const title = find ? `What begins with “${find}”` : group === 'stuck' ? 'Deals that need you' : (allGroups().find(one => one.group === group) || {label: 'Deals'}).label;
    const none = h('div.empty', null, icon('deals'), h('strong', null, group === 'stuck' ? 'Nothing needs you' : 'No deals here'),
        h('p', null, find ? 'Give the number of a deal, or the first letters of its proposal, payload or piece CID or of its label.'
            : group === 'stuck' ? 'Every deal goes on by itself.' : isMiner() ? 'Deals appear here as soon as a client proposes one.' : 'Deals appear here as soon as one is started.'));
    return [
      h('div.head', null, h('div', null, h('h1', null, title), h('p.lead', null, lead()))),
      chips(app.overview.counts, find ? null : group, stuck),
      h('section.card.flush', {'aria-label': title}, find || group === 'stuck' ? null : filters(), rows(list, none),
          next ? h('div.more', null, h('span.faint', null, `${count(list.length)} shown`), h('button.button', {type: 'button', onclick: () => app.run(more())}, 'Show more'))
              : list.length > 10 ? h('div.more', null, h('span.faint', null, `These are all ${count(list.length)}.`)) : null),
    ];
  }

  const lead = () => (find ? `${count(list.length)} found.` : group === 'stuck' ? 'These wait for a person or for money, failed three times in a row, or are late.' : 'The newest first. Press / to search.');

  return {title: 'Deals', load, news, view};
}
