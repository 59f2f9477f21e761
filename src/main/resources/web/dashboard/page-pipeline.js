// Sealing as lanes: each step with its sectors, how far they are and what they wait for; how many were finished lately; room to seal.

import {h, say} from './dom.js';
import {call} from './rpc.js';
import {ask} from './dialog.js';
import {ago, count, momentText, plain, size, until} from './format.js';
import {lacking, who} from './words.js';
import {bars, progress} from './plot.js';

const STEPS = {
  PreCommitPhase1: ['Filling, then labels', 'The sector takes pieces; then it is encoded layer by layer.'],
  PreCommitPhase2: ['Trees', 'The sealed copy and its trees are made; then the first message goes to the chain.'],
  WaitSeed: ['Waiting for the seed', 'The chain picks at random what has to be proven.'],
  CommitPhase1: ['Challenges', 'The parts that the chain asked for are taken out.'],
  CommitPhase2: ['Proof', 'The proof is made and its message goes to the chain.'],
  Finalize: ['Putting away', 'The sealed sector moves to its place.'],
};

export default function pipeline(app) {
  let it = null;
  let room = null;
  let finished = null;
  let hours = 24;

  async function load() {
    [it, room, finished] = await Promise.all([call('Caravan.Pipeline'), call('Caravan.SealingRoom').catch(() => null), call('Caravan.SealingThroughput', hours)]);
  }

  function news(told) {
    if (told.sectors || isComputing()) app.reload();
    return false;
  }

  const isComputing = () => it.lanes.some(lane => lane.sectors.some(sector => sector.progress));

  function view() {
    const busy = it.lanes.reduce((sum, lane) => sum + lane.many, 0);
    return [
      h('div.head', null, h('div', null, h('h1', null, busy ? `${count(busy)} sector${busy === 1 ? '' : 's'} on the way, ${count(it.proving)} proven` : it.proving ? `${count(it.proving)} sector${it.proving === 1 ? '' : 's'} proven, none on the way` : 'No sector yet'),
          h('p.lead', null, 'A sector holds the data of deals. It is sealed step by step from left to right, then proven to the chain every day.'))),
      h('section.lanes', {'aria-label': 'Sectors by step'}, it.lanes.map(lane)),
      h('div.grid', null, throughput(), h('div.stack.w5', null, resources(), h('section.card', null, h('h2', null, 'What seals here'), h('p.quiet', null, it.notice)))),
    ];
  }

  function lane(lane) {
    const [name, words] = STEPS[lane.state];
    return h('div.lane', {'data-key': lane.state}, h('header', null, h('h2', null, name), h('span.pill', {'aria-label': `${lane.many} sectors`}, count(lane.many))), h('p.small.quiet', null, words), h('span.lotus', null, lane.state),
        h('ul.stack.tight', null, lane.sectors.map(card), lane.many > lane.sectors.length ? h('li.faint', null, `and ${count(lane.many - lane.sectors.length)} more`) : null));
  }

  function card(sector) {
    const p = sector.progress;
    return h('li.sector', {'data-key': `s${sector.number}`, class: sector.parked ? 'parked' : ''},
        h('strong', null, `Sector ${count(sector.number)}`),
        h('span.small.quiet', null, `${sector.deals.length} deal${sector.deals.length === 1 ? '' : 's'}`),
        p ? [progress(p.done, p.total, p.text), h('span.small', null, p.text)] : h('span.small', null, standing(sector)),
        sector.nextTry && sector.subState === 'failed' ? h('span.small.faint', null, 'again ', until(sector.nextTry)) : sector.waitsSince ? h('span.small.faint', null, sector.waitsOn ? `on ${who(sector.waitsOn)}, ` : '', 'since ', ago(sector.waitsSince)) : null,
        sector.parked ? h('div.buttons', null, action(sector, 'Try again', 'Caravan.SectorRetry', 'write'), action(sector, 'Drop', 'Caravan.SectorDrop', 'admin')) : null);
  }

  // The node's own sentence; the moment in it is told as people read it.
  const standing = sector => plain(sector.standing || '').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, at => momentText(at));

  function action(sector, name, method, right) {
    const no = lacking(right);
    const isDrop = method.endsWith('Drop');
    return h('button.button.small', {type: 'button', class: isDrop ? 'danger' : '', disabled: Boolean(no), title: no, onclick: async () => {
      const done = await ask({title: `${name} sector ${sector.number}?`, verb: isDrop ? 'Drop the sector' : name, isDanger: isDrop,
        lines: [isDrop ? `Sector ${sector.number} with ${sector.deals.length} deals is given up.` : 'The step that stopped is done again.', standing(sector)],
        consequence: isDrop ? 'Its sealed data is deleted. Deals that cannot get into another sector in time fail, and their collateral is lost. This cannot be undone.' : 'Messages to the chain that follow cost their fee.',
        field: {label: 'Why (for the history; may be empty)'}, act: reason => call(method, sector.number, reason || null)});
      if (done) { say(`Done: ${name.toLowerCase()} sector ${sector.number}`); app.reload(); }
    }}, name);
  }

  function throughput() {
    const start = Date.parse(finished.since);
    const total = finished.finished.reduce((sum, many) => sum + many, 0);
    const form = new Intl.DateTimeFormat('en-GB', hours <= 24 ? {hour: '2-digit', minute: '2-digit'} : {day: 'numeric', month: 'short'});
    const label = i => form.format(new Date(start + i * finished.seconds * 1000));
    const choice = (value, name) => h('button.button.small', {type: 'button', class: hours === value ? 'primary' : '', 'aria-pressed': String(hours === value), onclick: () => { hours = value; app.reload(); }}, name);
    return h('section.card.w7', {'aria-label': 'Throughput'}, h('header', null, h('h2', null, `Finished: ${count(total)} sector${total === 1 ? '' : 's'}`), h('div.buttons', null, choice(24, '24 hours'), choice(168, '7 days'))),
        bars(finished.finished.map((value, i) => ({label: label(i), value})), {name: `Sectors finished in the last ${hours} hours: ${total}`}));
  }

  function resources() {
    if (!room) return null;
    const disk = room.disk;
    return h('section.card', null, h('h2', null, 'Room to seal'),
        h('dl.facts', null, h('dt', null, 'Cores'), h('dd', null, `${room.cpu.taken} of ${room.cpu.size} busy`), h('dt', null, 'Memory'), h('dd', null, `${size(room.heap.taken)} of ${size(room.heap.size)} in use`),
            h('dt', null, 'Disk'), h('dd', null, `${size(disk.free)} free; one more sector takes ${size(disk.sector)}`), disk.reserved ? [h('dt', null, 'Promised'), h('dd', null, `${size(disk.reserved)} to sectors under way`)] : null),
        disk.shortage ? h('p.notice.warn', null, h('strong', null, 'The disk is short'), disk.shortage) : null);
  }

  return {title: 'Pipeline', load, news, view};
}
