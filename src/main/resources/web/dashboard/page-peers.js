// Who this node is connected with, whether it can be reached and what to do if not, and whom it keeps away.

import {h, icon, say} from './dom.js';
import {call} from './rpc.js';
import {ask} from './dialog.js';
import {cid, count, size} from './format.js';
import {isMiner, lacking} from './words.js';

const SHOWN = 100;
const LEVELS = {ok: ['good', 'fine'], warn: ['warn', 'look at it'], fail: ['bad', 'wrong'], skipped: ['', 'not looked at']};

export default function peers(app) {
  let list = [];
  let agents = new Map();
  let self = null;
  let health = null;
  let doctor = null;
  let blocked = null;
  let traffic = null;
  let isLooking = false;

  async function load() {
    [list, self, health, blocked, traffic] = await Promise.all([call('Filecoin.NetPeers'), call('Filecoin.NetAddrsListen'), call('Caravan.Health').catch(() => null), call('Filecoin.NetBlockList'), call('Filecoin.NetBandwidthStats').catch(() => null)]);
    await Promise.all(list.slice(0, SHOWN).filter(peer => !agents.has(peer.ID)).map(async peer => agents.set(peer.ID, await call('Filecoin.NetAgentVersion', peer.ID).catch(() => ''))));
  }

  async function examine(event) {
    event.preventDefault();
    const miner = isMiner() ? null : event.target.elements.miner.value.trim();
    isLooking = true;
    app.draw();
    try {
      doctor = await (isMiner() ? call('Caravan.Doctor') : call('Caravan.Doctor', miner));
    } finally {
      isLooking = false;
      app.draw();
    }
  }

  function view() {
    return [
      h('div.head', null, h('div', null, h('h1', null, `${count(list.length)} peer${list.length === 1 ? '' : 's'} connected`), h('p.lead', null, isMiner() ? 'Clients reach this miner directly, by libp2p.' : 'This daemon connects to a miner when a deal needs it, by libp2p.'))),
      h('div.grid', null,
          h('div.stack.w7', null, table(), h('section.card', null, h('header', null, h('h2', null, isMiner() ? 'Can clients reach us?' : 'Can a miner be reached?')),
              h('form.fields', {onsubmit: event => app.run(examine(event)), id: 'doctor'}, isMiner() ? null : h('label.field', null, h('span', null, 'Miner’s address'), h('input', {name: 'miner', required: true, placeholder: 't01000', autocomplete: 'off', spellcheck: 'false'})),
                  h('div.buttons', null, h('button.button', {type: 'submit', disabled: isLooking}, isLooking ? 'Looking…' : 'Look now'))), findings((doctor || health || {findings: []}).findings))),
          h('div.stack.w5', null, ours(), blockList())),
    ];
  }

  function table() {
    if (!list.length) return h('section.card', null, h('div.empty', null, icon('peers'), h('strong', null, 'Nobody is connected'), h('p', null, isMiner() ? 'Clients appear here when they ask or make a deal.' : 'Miners appear here while a deal needs them.')));
    return h('section.card.flush', null, h('table.rows', null, h('thead', null, h('tr', null, h('th', null, 'Peer'), h('th', null, 'Software'), h('th', null, 'Address'))),
        h('tbody', null, list.slice(0, SHOWN).map(peer => h('tr', {'data-key': peer.ID}, h('td', null, cid(peer.ID, 'peer ID')), h('td', null, (agents.get(peer.ID) || 'unknown').slice(0, 80)), h('td.wide.mono', null, peer.Addrs.slice(0, 2).join(' ')))))),
    list.length > SHOWN ? h('p.more.faint', null, `and ${count(list.length - SHOWN)} more`) : null);
  }

  function findings(all) {
    return h('ul.stack.tight', null, all.map(finding => {
      const [kind, word] = LEVELS[finding.level];
      return h('li', {'data-key': finding.code}, h('div', null, h('span.badge', {class: kind}, word), ' ', h('strong', null, finding.check), ' ', h('span.lotus', null, finding.code)), h('p.small.quiet', null, finding.sentence), finding.fix ? h('p.small', null, h('strong', null, 'What to do: '), finding.fix) : null);
    }));
  }

  function ours() {
    return h('section.card', null, h('h2', null, 'This node'), h('dl.facts', null, h('dt', null, 'Peer ID'), h('dd', null, cid(self.ID, 'peer ID')), h('dt', null, 'Listens at'), h('dd.mono', null, self.Addrs.length ? self.Addrs.map(address => h('div', null, address)) : 'nowhere'),
        traffic ? [h('dt', null, 'Received'), h('dd', null, size(traffic.TotalIn)), h('dt', null, 'Sent'), h('dd', null, size(traffic.TotalOut))] : null));
  }

  function blockList() {
    const entries = [...blocked.Peers.map(value => ['Peers', value]), ...blocked.IPAddrs.map(value => ['IPAddrs', value]), ...blocked.IPSubnets.map(value => ['IPSubnets', value])];
    const no = lacking('admin');
    return h('section.card', null, h('h2', null, 'Kept away'), entries.length ? h('ul.stack.tight', null, entries.map(([kind, value]) => h('li.buttons', {'data-key': value}, h('span.mono', null, value), h('button.button.small', {type: 'button', disabled: Boolean(no), title: no, onclick: () => app.run(change('Filecoin.NetBlockRemove', kind, value, 'Let in again'))}, 'Let in'))))
      : h('p.quiet', null, 'Nobody is.'),
    h('form.stack.tight', {id: 'block', onsubmit: event => { event.preventDefault(); app.run(add(event.target)); }}, h('label.field', null, h('span', null, 'Peer ID, address or network'), h('input', {name: 'who', required: true, disabled: Boolean(no), placeholder: '12D3Koo…, 203.0.113.7 or 203.0.113.0/24', autocomplete: 'off', spellcheck: 'false'})), h('div.buttons', null, h('button.button', {type: 'submit', disabled: Boolean(no)}, 'Keep away…')), no ? h('p.small.quiet', null, no) : null));
  }

  async function add(form) {
    const value = form.elements.who.value.trim();
    const kind = value.includes('/') ? 'IPSubnets' : /^[\d.]+$|:/.test(value) ? 'IPAddrs' : 'Peers';
    const done = await ask({title: `Keep ${value} away?`, lines: ['Connections with it are closed at once and refused from now on.'], consequence: 'Deals whose other side it is cannot go on while it is kept away.', verb: 'Keep away', isDanger: true,
      act: () => call('Filecoin.NetBlockAdd', {[kind]: [value]})});
    if (done) { form.reset(); say('Kept away'); app.reload(); }
  }

  async function change(method, kind, value, word) {
    await call(method, {[kind]: [value]});
    say(`${word}: ${value}`);
    app.reload();
  }

  return {title: 'Peers', load, news: told => { if (told.head) app.reload(); return false; }, view};
}
