// The first page: one sentence about how things are, what needs a person, and what moved last.

import {h, icon} from './dom.js';
import {call} from './rpc.js';
import {count, epoch, fil, size} from './format.js';
import {allGroups, isMiner, isOver} from './words.js';
import {rows} from './deal-parts.js';
import {alertList} from './page-alerts.js';

export default function overview(app) {
  let list = [];
  let funds = null;
  let sectors = null;

  async function load() {
    list = (await call('Caravan.Deals', {limit: 8})).deals;
    funds = await call('Caravan.Funds').catch(() => null);
    if (isMiner()) sectors = await call('Caravan.Pipeline').catch(() => null);
  }

  function news(told) {
    let isNew = Boolean(told.more);
    for (const deal of told.deals || []) {
      const at = list.findIndex(one => one.proposalCid === deal.proposalCid);
      if (at >= 0) list[at] = deal;
      else isNew = true;
    }
    if (isNew || told.sectors) app.reload();
    return Boolean(told.deals);
  }

  function sentence() {
    const counts = app.overview.counts;
    const progress = Object.entries(counts).filter(([name]) => !isOver(name)).reduce((all, [, many]) => all + many, 0);
    const active = counts.StorageDealActive || 0;
    const needs = app.alerts.length;
    const going = progress === 0 ? 'No deal is in progress' : `${count(progress)} deal${progress === 1 ? '' : 's'} in progress`;
    return [`${going}, ${needs === 0 ? 'nothing needs you' : `${count(needs)} thing${needs === 1 ? '' : 's'} need${needs === 1 ? 's' : ''} you`}.`, active ? ` ${count(active)} active.` : ''].join('');
  }

  const figure = (name, number, href) => h('a.figure', {href}, h('span.number', null, number), h('span.name', null, name));

  function view() {
    const counts = app.overview.counts;
    const of = group => count(group.states.reduce((sum, name) => sum + (counts[name] || 0), 0));
    const none = h('div.empty', null, icon('deals'), h('strong', null, 'No deals yet'), isMiner()
        ? h('p', null, 'Clients find this miner by its address. What it asks for is under ', h('a', {href: '#/asks'}, 'Asks and limits'), '.')
        : h('p', null, 'Start one from your software by JSON-RPC, or in a terminal: ', h('code', null, './caravan import FILE'), ', then ', h('code', null, './caravan deal MINER PAYLOAD_CID'), '.'));
    return [
      h('div.head', null, h('div', null, h('h1', null, sentence()), h('p.lead', null, `This is the ${app.overview.role}`, app.address ? [' ', h('span.mono', null, app.address)] : null, ' on ', app.overview.network,
          app.overview.head ? [', ', epoch(app.overview.head.epoch)] : null, '.'))),
      app.alerts.length ? h('section.stack.tight', {'aria-label': 'What needs you'}, alertList(app, app.alerts.slice(0, 3)), app.alerts.length > 3 ? h('a', {href: '#/alerts'}, `All ${app.alerts.length} things that need you`) : null) : null,
      h('section.card', {'aria-label': 'Deals by how far they are'}, h('div.figures.seven', null, allGroups().map(group => figure(group.label, of(group), `#/deals?group=${group.group}`)))),
      h('div.grid', null,
          h('section.card.flush.w8', null, h('header', null, h('h2', null, 'Newest deals'), h('a', {href: '#/deals'}, 'All deals')), rows(list, none, true)),
          h('div.stack.w4', null, money(), sectors ? sealing() : null)),
    ];
  }

  function money() {
    if (!funds || !funds.accounts.length) return null;
    const all = name => funds.accounts.reduce((sum, account) => sum + BigInt(account[name]), 0n);
    return h('section.card', null, h('header', null, h('h2', null, 'Money in the market'), h('a', {href: '#/funds'}, 'Explain')),
        h('dl.facts', null, h('dt', null, 'In escrow'), h('dd', null, fil(all('escrowAtto'))), h('dt', null, 'Locked by deals'), h('dd', null, fil(all('lockedAtto'))),
            h('dt', null, 'Kept for deals to come'), h('dd', null, fil(all('reservedAtto'))), h('dt', null, 'Free'), h('dd', null, fil(all('freeAtto')))));
  }

  function sealing() {
    const busy = sectors.lanes.reduce((sum, lane) => sum + lane.many, 0);
    return h('section.card', null, h('header', null, h('h2', null, 'Sealing'), h('a', {href: '#/pipeline'}, 'Pipeline')),
        h('dl.facts', null, h('dt', null, 'Being sealed'), h('dd', null, `${count(busy)} sector${busy === 1 ? '' : 's'}`), h('dt', null, 'Proven'), h('dd', null, count(sectors.proving)),
            sectors.sectorBytes ? [h('dt', null, 'Sector size'), h('dd', null, size(sectors.sectorBytes))] : null));
  }

  return {title: 'Overview', load, news, view};
}
