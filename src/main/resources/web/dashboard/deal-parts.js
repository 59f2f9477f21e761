// What the lists and the page of one deal share.

import {h} from './dom.js';
import {ago, cid, count, fil, plain, size} from './format.js';
import {allGroups, groupOf, needsPerson, shortName, stateWords, tone, waits, isFinal, isMiner} from './words.js';

export function badge(name, deal) {
  const kind = deal && needsPerson(deal) && !isFinal(name) ? 'warn' : tone(name);
  return h('span.badge', {class: kind, title: name}, shortName(name));
}

// A narrow list leaves out whom with and how big.
export function rows(deals, empty, isNarrow) {
  if (!deals.length) return empty;
  return h('table.rows', null,
      h('thead', null, h('tr', null, h('th', {scope: 'col'}, 'Deal'), h('th', {scope: 'col'}, 'State'), h('th', {scope: 'col'}, 'What is going on'),
          isNarrow ? null : [h('th', {scope: 'col'}, isMiner() ? 'Client' : 'Miner'), h('th.right', {scope: 'col'}, 'Size')], h('th.right', {scope: 'col'}, 'Made'))),
      h('tbody', null, deals.map(deal => row(deal, isNarrow))));
}

function row(deal, isNarrow) {
  const open = () => { location.hash = link(deal); };
  return h('tr.link', {'data-key': deal.proposalCid, onclick: event => { if (!event.target.closest('a, button')) open(); }},
      h('td', null, h('a.row', {href: link(deal), title: deal.proposalCid}, deal.dealId === null ? 'new' : `#${deal.dealId}`), ' ', cid(deal.proposalCid, 'proposal CID')),
      h('td', null, badge(deal.stateName, deal)),
      h('td.wide', null, h('div.what', null, h('span', null, stateWords(deal.stateName)), why(deal))),
      isNarrow ? null : [h('td.nowrap', {'data-name': isMiner() ? 'client' : 'miner'}, h('span.mono', {title: deal.with}, deal.with.length > 14 ? `${deal.with.slice(0, 6)}…${deal.with.slice(-4)}` : deal.with)),
        h('td.right.nowrap', null, size(deal.pieceSize))],
      h('td.right.nowrap', null, ago(deal.createdAt)));
}

// One line: what is wrong, else what it waits for.
export function why(deal) {
  const text = isFinal(deal.stateName) ? deal.message : deal.lastError || waits(deal);
  return text ? h('span.why', {title: text}, plain(text)) : null;
}

export const link = deal => `#/deal/${deal.proposalCid}`;

const CHAPTERS = ['offer', 'transfer', 'publish', 'seal', 'active'];
const SHORT = {offer: 'Agreed', transfer: 'Data', publish: 'Published', seal: 'Sealed', active: 'Active'};

// The five chapters as a line; a failed deal shows in which it failed.
export function chapters(stateName, visited) {
  const group = groupOf(stateName);
  const reached = Math.max(0, ...visited.map(name => CHAPTERS.indexOf(groupOf(name))));
  const at = CHAPTERS.indexOf(group);
  return h('ol.steps', {'aria-label': 'How far the deal is'}, CHAPTERS.map((chapter, i) => {
    const kind = group === 'failed' ? (i < reached ? 'done' : i === reached ? 'failed' : '') : group === 'ended' || i < at ? 'done' : i === at ? (chapter === 'active' ? 'now active' : 'now') : '';
    return h('li', {class: kind, 'aria-current': i === at ? 'step' : null}, h('span', null, SHORT[chapter]));
  }));
}

export function chips(counts, selected, stuck) {
  const of = group => group.states.reduce((sum, state) => sum + (counts[state] || 0), 0);
  const all = allGroups();
  const total = all.reduce((sum, group) => sum + of(group), 0);
  const chip = (id, label, number, kind) => h('a.chip', {href: id ? `#/deals?group=${id}` : '#/deals', 'aria-current': selected === id ? 'true' : null, class: kind}, label, h('b', null, count(number)));
  return h('nav.chips.slide', {'aria-label': 'Deals by how far they are'}, chip('', 'All', total), stuck === null ? null : chip('stuck', 'Needs you', stuck, stuck ? 'alarm' : ''),
      all.map(group => chip(group.group, group.label, of(group))));
}

export function price(deal) {
  return fil(BigInt(deal.pricePerEpochAtto) * BigInt(deal.duration));
}
