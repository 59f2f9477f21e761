// One deal: how far it is, what it waits for and what a person can do, both sides' timeline, its data, messages, money and log.

import {h, say, icon} from './dom.js';
import {call} from './rpc.js';
import {ask} from './dialog.js';
import {ago, chainHead, cid, count, epoch, epochs, fil, filText, moment, now, plain, size, span, until} from './format.js';
import {eventWords, expectedThere, groupOf, isFinal, isMiner, lacking, needsPerson, otherSide, shortName, stateWords, theirWords, waits, who} from './words.js';
import {badge, chapters} from './deal-parts.js';
import {line, progress} from './plot.js';

const METHODS = {retry: 'Caravan.DealRetry', cancel: 'Caravan.DealCancel', fail: 'Caravan.DealFail', 'release-funds': 'Caravan.DealReleaseFunds', publish: 'Filecoin.MarketPublishPendingDeals'};

const LOOK = 5000;

export default function deal(app, query, key) {
  let it = null;
  const rates = [];
  let maxFee = null;
  let lookedAt = 0;

  async function load() {
    lookedAt = now();
    it = await call('Caravan.Deal', {'/': key});
    if (it.transfer) rate(it.transfer);
    if (isMiner() && maxFee === null) maxFee = ((await call('Caravan.Limits')).limits.find(limit => limit.key === 'miner.publish.max-fee') || {value: ''}).value.replace(/(\d)FIL/, '$1 FIL');
  }

  function news(told) {
    const transfer = (told.transfers || []).find(one => one.proposalCid === key);
    if (transfer) {
      it.transfer = transfer;
      rate(transfer);
    }
    // a route that is stopped or started tells nothing by itself
    if ((told.deals || []).some(one => one.proposalCid === key) || told.more || it.waitsOn && now() - lookedAt > LOOK) app.reload();
    return Boolean(transfer);
  }

  function rate(transfer) {
    rates.push([now(), transfer.bytesPerSecond || 0]);
    if (rates.length > 240) rates.shift();
  }

  function view() {
    return [
      head(),
      h('div.grid', null,
          h('div.stack.w8', null, waiting(), transfer(), timeline(), log()),
          h('div.stack.w4', null, actions(), terms(), money(), chain())),
    ];
  }

  function head() {
    return h('div.stack.tight', null,
        h('div.crumbs', null, h('a', {href: '#/deals'}, 'Deals'), ' / ', it.dealId === null ? 'not on chain yet' : `number ${it.dealId}`),
        h('div.head', null, h('div', null, h('h1', null, stateWords(it.stateName)), h('p.lead', null, badge(it.stateName, it), ' ', h('span.lotus', {title: 'What Lotus and the protocol call this state'}, it.stateName))),
            h('div', null, h('span.faint', null, 'Proposal '), cid(it.proposalCid, 'proposal CID'))),
        chapters(it.stateName, [it.stateName, ...it.events.map(event => event.from), ...it.events.map(event => event.to)]));
  }

  // What it waits for, who ends the wait, until when, and what went wrong last.
  function waiting() {
    if (isFinal(it.stateName)) {
      return h('section.notice', {class: it.stateName === 'StorageDealExpired' ? 'good' : 'bad'}, h('strong', null, stateWords(it.stateName)),
          it.message ? h('p', null, plain(it.message)) : null, h('p.quiet', null, 'Nothing follows. ', it.money.reservedAtto === '0' ? 'It holds no money any more.' : ['It still holds ', fil(it.money.reservedAtto), '.']));
    }
    const bad = needsPerson(it);
    return h('section.card', {'aria-label': 'What it waits for'},
        h('header', null, h('h2', null, 'Why it is where it is')),
        it.stopped ? stopped(it.stopped) : h('p.notice', {class: bad ? 'warn' : groupOf(it.stateName) === 'active' ? 'good' : 'busy'}, h('strong', null, it.parked ? 'It waits for a person: an error that nobody foresaw came up three times.' : plain(waits(it)) || 'It goes on just now.')),
        it.lastError ? h('p.notice.bad', null, h('strong', null, 'The last try failed'), h('span', null, plain(it.lastError))) : null,
        it.message && !it.lastError ? h('p.quiet', null, plain(it.message)) : null,
        h('dl.facts', null,
            it.waitsOn ? [h('dt', null, 'Who ends the wait'), h('dd', null, who(it.waitsOn))] : null,
            it.waitsSince ? [h('dt', null, 'Since'), h('dd', null, moment(it.waitsSince), ' (', ago(it.waitsSince), ')')] : null,
            it.waitsUntil ? [h('dt', null, 'Expected to end'), h('dd', null, moment(it.waitsUntil), ' (', until(it.waitsUntil), ')')] : null,
            it.nextTry && !it.nextTry.startsWith('9999') ? [h('dt', null, 'Looked at next'), h('dd', null, Date.parse(it.nextTry) <= now() ? 'now' : until(it.nextTry))] : null,
            it.attempt ? [h('dt', null, 'Failed tries'), h('dd', null, `${it.attempt} in a row`)] : null,
            it.deadline ? [h('dt', null, 'Gives up'), h('dd', null, moment(it.deadline), ' (', until(it.deadline), ')')] : null,
            it.lastEpoch !== null ? [h('dt', null, 'Or at the latest'), h('dd', null, epoch(it.lastEpoch))] : null,
            it.owner ? [h('dt', null, 'Handled by'), h('dd', null, h('a', {href: `#/routes?route=${encodeURIComponent(`${it.owner}.camel.yaml`)}`}, 'the route ', h('code', null, it.owner)))] : null));
  }

  // Nobody works on this phase at this node: who stopped it, and where it is started again.
  function stopped(stop) {
    const place = `#/routes?route=${encodeURIComponent(stop.route || stop.file)}`;
    return h('div.notice.warn', null, h('strong', null, stop.route ? 'The route of this phase is stopped: nothing happens until somebody starts it' : 'No route serves this phase any more: nothing happens until one does'),
        h('p', null, stop.route ? [stop.who || 'Somebody', ' stopped ', h('code', null, stop.route), ' on this node', stop.since ? [', ', ago(stop.since)] : '', '. The deal loses nothing by it and goes on by itself once the route runs. Its deadlines go on meanwhile.']
          : ['The file ', h('code', null, stop.file), ' has no route for it on this node. The changes on the page Routes say who took it away, and its earlier version can be put back: ', h('code', null, `./caravan routes rollback ${stop.file.replace(/\.camel\.yaml$/, '')}`)]),
        h('div.buttons', null, h('a.button', {href: place}, stop.route ? 'Start it on the page Routes' : 'See the changes on the page Routes'), stop.route ? h('a.button', {href: '/hawtio/'}, icon('out'), 'Look at it in the diagrams') : null));
  }

  function actions() {
    const list = (it.actions || []).filter(one => (one.verb === 'release-funds' ? it.money.reservedAtto !== '0' : !isFinal(it.stateName)));
    if (isMiner() && it.stateName === 'StorageDealPublish') list.unshift({verb: 'publish', right: 'admin', refused: null});
    if (!list.length) return null;
    return h('section.card', {'aria-label': 'What you can do'}, h('header', null, h('h2', null, 'What you can do now')),
        h('ul.actions', null, list.map(one => {
          const known = ACTIONS[one.verb];
          const no = lacking(one.right) || refusal(one.refused);
          return h('li', {'data-key': one.verb}, h('button.button', {type: 'button', class: known.isDanger ? 'danger' : '', disabled: Boolean(no), onclick: () => act(one.verb), 'aria-describedby': `why-${one.verb}`}, known.name),
              h('p', {id: `why-${one.verb}`}, no ? no : known.words()));
        })));
  }

  // Without the code that a terminal shows.
  const refusal = text => (text ? plain(text.replace(/^OP\d+ [\w-]+: /, '')).replace(/^./, first => first.toUpperCase()) : null);

  const held = () => filText(it.money.reservedAtto);

  const ACTIONS = {
    publish: {name: 'Publish now', words: () => 'Send the publish message now instead of waiting for more deals.', title: 'Publish what waits now?', takesNoReason: true,
      lines: () => ['One message with every deal that waits to be published is sent to the chain.', `${filText(it.money.providerCollateralAtto)} of collateral for this deal get locked until it ends.`],
      consequence: () => `The wallet pays the message’s fee${maxFee ? `, at most ${maxFee}` : ''}. A published deal cannot be cancelled any more.`},
    retry: {name: 'Try again now', words: () => 'Forget failed tries and do the next step at once. Costs nothing by itself.', title: 'Try again now?',
      lines: () => ['The next step is tried at once, as if nothing had failed.'], consequence: () => (it.stateName === 'StorageDealPublish' ? 'A publish message may be sent: the wallet pays its fee.' : null)},
    cancel: {name: 'Cancel the deal', isDanger: true, words: () => `End it on both sides while it is not on chain; ${held()} held for it come free.`, title: 'Cancel this deal?',
      lines: () => [`The deal ends here, and the ${otherSide()} is told.`, `${held()} that this deal holds come free; nothing is paid.`], consequence: () => 'A cancelled deal cannot be taken up again: a new one has to be made, and the data sent again.'},
    fail: {name: 'Give the deal up', isDanger: true, words: () => 'End it on this side only, as failed.', title: 'Give this deal up?',
      lines: () => [`The deal ends on this side as failed. The ${otherSide()} finds out when it asks.`, `${held()} that this deal holds come free.`], consequence: () => 'This cannot be undone.'},
    'release-funds': {name: 'Release its money', words: () => `Give back the ${held()} that it still holds.`, title: 'Release what this deal holds?',
      lines: () => [`${held()} become free for other deals. The money stays in the market’s escrow until it is withdrawn.`], consequence: () => 'Do this only when the deal needs the money no more.'},
  };

  async function act(verb) {
    const known = ACTIONS[verb];
    const done = await ask({title: known.title, lines: known.lines(), consequence: known.consequence(), verb: known.name, isDanger: known.isDanger,
      field: known.takesNoReason ? null : {label: 'Why (for the history; may be empty)', hint: 'One line. Whoever looks at this deal later will read it.'},
      act: reason => (known.takesNoReason ? call(METHODS[verb]) : call(METHODS[verb], {'/': key}, reason || null))});
    if (done) {
      say(`Done: ${known.name.toLowerCase()}`);
      app.reload();
    }
  }

  function transfer() {
    const t = it.transfer;
    if (!t) return null;
    const isDone = /Completed/i.test(t.status);
    const isMoving = !isDone && groupOf(it.stateName) === 'transfer';
    return h('section.card', {'aria-label': 'Data transfer'},
        h('header', null, h('h2', null, isMiner() ? 'Data from the client' : 'Data to the miner'), h('span.quiet', null, isDone ? 'all of it has arrived' : `${size(t.received)} of ${t.total ? size(t.total) : 'an unknown size'}`)),
        progress(isDone ? 1 : t.received, isDone ? 1 : t.total || t.received * 2 || 1, 'Data transferred', isDone ? 'good' : ''),
        h('dl.facts', null,
            h('dt', null, 'Size'), h('dd', null, size(t.total || t.received)),
            isMoving ? [h('dt', null, 'Rate'), h('dd', null, `${size(t.bytesPerSecond)} a second`)] : [h('dt', null, 'Took'), h('dd', null, span(Date.parse(t.progressAt) - Date.parse(t.startedAt)), average(t))],
            isMoving && t.secondsLeft !== null ? [h('dt', null, 'Time left'), h('dd', null, `about ${span(t.secondsLeft * 1000)}`)] : null,
            h('dt', null, 'Last data'), h('dd', null, ago(t.progressAt)),
            t.attempt > 1 ? [h('dt', null, 'Attempts'), h('dd', null, `${t.attempt}: it was taken up again where it stopped`)] : null,
            t.reason ? [h('dt', null, 'What happened'), h('dd', null, t.reason)] : null),
        isMoving ? line(rates, {name: 'Bytes a second since this page is open', text: top => `${size(top)}/s`}) : null);
  }

  function average(t) {
    const ms = Date.parse(t.progressAt) - Date.parse(t.startedAt);
    return ms > 0 ? `, ${size(t.received / ms * 1000)} a second` : '';
  }

  // Our visits of states and what the other side said, in the order of time.
  function timeline() {
    const visits = [];
    for (const event of it.events) {
      const last = visits[visits.length - 1];
      if (last && event.from === event.to) {
        if (event.note) last.notes.push(event.note);
        continue;
      }
      visits.push({name: event.to, at: Date.parse(event.at), event: event.event, notes: event.note ? [event.note] : []});
    }
    for (let i = visits.length - 1; i > 0; i--) visits[i].notes = visits[i].notes.filter(note => !visits[i - 1].notes.includes(note));
    visits.forEach((visit, i) => { visit.end = i + 1 < visits.length ? visits[i + 1].at : null; });
    const theirs = it.remote.words.map(word => ({name: word.state, at: Date.parse(word.at), message: word.message, isTheirs: true}));
    const all = [...visits, ...theirs].sort((a, b) => a.at - b.at);
    let expected = null;
    const current = visits[visits.length - 1];
    const us = isMiner() ? 'This miner' : 'This daemon';
    const they = isMiner() ? 'The client' : 'The miner';
    return h('section.card', {'aria-label': 'Timeline'},
        h('header', null, h('h2', null, 'Timeline of both sides'), h('span.quiet', null, theirs.length ? `what the ${otherSide()} said of itself is on the right` : isMiner() ? 'a client does not tell its state: what the protocol expects is in grey' : '')),
        h('div.timeline', null, h('div.sides', {'aria-hidden': 'true'}, h('span', null, us), h('span', null, 'at'), h('span', null, they)),
            h('ol', null, all.map((one, i) => {
              let there = null;
              if (!one.isTheirs && isMiner() && !theirs.length) {
                const name = expectedThere(one.name);
                if (name && name !== expected) { there = name; expected = name; }
              }
              const kind = one.isTheirs ? 'theirs' : one === current && !isFinal(one.name) ? 'now' : groupOf(one.name) === 'failed' ? 'failed' : '';
              return h('li', {class: kind},
                  h('div.said-by.ours', {'data-side': us}, one.isTheirs ? null : [h('span.name', null, stateWords(one.name)), h('span.lotus', null, shortName(one.name)),
                    eventWords(one.event) === stateWords(one.name) ? null : h('span.note', null, eventWords(one.event)), one.notes.map(note => h('span.note', null, plain(note))), h('span.took', null, one.end ? `for ${span(one.end - one.at)}` : isFinal(one.name) ? null : ['since ', ago(new Date(one.at).toISOString())])]),
                  h('div.at', null, moment(one.at)),
                  h('div.said-by', {'data-side': they}, one.isTheirs ? [h('span.name', null, theirWords(one.name)), h('span.lotus', null, shortName(one.name)), one.message ? h('span.note', null, plain(one.message)) : null]
                    : there ? [h('span.faint', null, theirWords(there)), h('span.lotus', null, shortName(there))] : null));
            }))),
        it.remote.error ? h('p.notice.warn', null, `The ${otherSide()} could not be asked: `, it.remote.error) : null);
  }

  function terms() {
    return h('section.card', {'aria-label': 'Terms'}, h('header', null, h('h2', null, 'What was agreed')),
        h('dl.facts', null,
            h('dt', null, isMiner() ? 'Client' : 'Miner'), h('dd.mono', null, it.with),
            it.label && it.label !== it.payloadCid ? [h('dt', null, 'Label'), h('dd', null, it.label.length > 120 ? it.label.slice(0, 120) + '…' : it.label)] : null,
            h('dt', null, 'Data'), h('dd', null, cid(it.payloadCid, 'payload CID')),
            h('dt', null, 'Piece'), h('dd', null, cid(it.pieceCid, 'piece CID'), ` ${size(it.pieceSize)}`),
            h('dt', null, 'From'), h('dd', null, epoch(it.startEpoch)),
            h('dt', null, 'To'), h('dd', null, epoch(it.endEpoch)),
            h('dt', null, 'Length'), h('dd', null, epochs(it.duration)),
            h('dt', null, 'Kind'), h('dd', null, [it.verified ? 'verified, paid for with datacap' : 'ordinary', it.transferType === 'manual' ? ', data brought by hand' : ', data by network'].join('')),
            it.dealId === null ? null : [h('dt', null, 'Number on chain'), h('dd', null, String(it.dealId))],
            it.sector === null ? null : [h('dt', null, 'Sector'), h('dd', null, isMiner() ? h('a', {href: '#/pipeline'}, count(it.sector)) : count(it.sector))]));
  }

  function money() {
    const m = it.money;
    return h('section.card', {'aria-label': 'Money'}, h('header', null, h('h2', null, 'Money')),
        h('p', null, isMiner() ? ['The client pays you ', fil(m.priceAtto), ' over ', epochs(m.epochs), '. You put up ', fil(m.providerCollateralAtto), ' that you lose if you do not keep the data.']
            : m.priceAtto === '0' ? ['This deal costs nothing. The miner puts up ', fil(m.providerCollateralAtto), ' that it loses if it does not keep the data.']
            : ['You pay ', fil(m.priceAtto), ' over ', epochs(m.epochs), ', a little each epoch once it is active. The miner puts up ', fil(m.providerCollateralAtto), ' that it loses if it does not keep the data.']),
        h('dl.facts', null, h('dt', null, 'Price for all of it'), h('dd', null, fil(m.priceAtto)),
            h('dt', null, 'A day'), h('dd', null, fil(BigInt(m.pricePerEpochAtto) * BigInt(Math.round(86400000 / (chainHead() || {epochMillis: 30000}).epochMillis)))),
            h('dt', null, isMiner() ? 'Our collateral' : 'Miner’s collateral'), h('dd', null, fil(m.providerCollateralAtto)),
            BigInt(m.clientCollateralAtto) > 0n ? [h('dt', null, 'Client’s collateral'), h('dd', null, fil(m.clientCollateralAtto))] : null,
            h('dt', null, 'Held for it now'), h('dd', null, fil(m.reservedAtto))),
        h('a', {href: '#/funds'}, 'All of the money, explained'));
  }

  function chain() {
    if (!it.messages.length) return null;
    const words = {INTENT: 'about to be sent', SIGNED: 'signed', PUSHED: 'sent, not on chain yet', LANDED: 'on chain', FAILED: 'failed'};
    return h('section.card', {'aria-label': 'Messages on chain'}, h('header', null, h('h2', null, 'Messages on chain')),
        h('ul.stack.tight', null, it.messages.map(one => h('li', {'data-key': one.cid}, h('div', null, h('strong', null, one.what), ' ', one.ours ? h('span.quiet', null, words[one.status] || one.status) : h('span.quiet', null, `sent by the ${otherSide()}`)),
            h('div', null, cid(one.cid, 'message CID'), one.landedEpoch === null || one.landedEpoch === undefined ? null : [' ', epoch(one.landedEpoch)]), one.error ? h('p.error', null, one.error) : null))));
  }

  function log() {
    return h('section.card', {'aria-label': 'Log'},
        it.operations.length ? [h('h2', null, 'What people did'), h('ul.stack.tight', null, it.operations.map(one => h('li', null, h('strong', null, one.verb), ' by ', one.who, ', ', moment(one.at), ': ', one.outcome, one.reason ? ` (“${one.reason}”)` : '')))] : null,
        h('details', null, h('summary', null, `Every event (${it.events.length})`),
            h('div.scroll', null, h('table.rows', null, h('thead', null, h('tr', null, h('th', null, 'At'), h('th', null, 'Event'), h('th', null, 'From'), h('th', null, 'To'), h('th', null, 'Note'))),
                h('tbody', null, it.events.map(event => h('tr', null, h('td.nowrap', null, moment(event.at)), h('td', null, event.event), h('td.lotus', null, shortName(event.from)), h('td.lotus', null, shortName(event.to)), h('td.wide', null, event.note || ''))))))));
  }

  return {title: 'Deal', load, news, view, missing: () => h('section.card', null, h('div.empty', null, icon('deals'), h('strong', null, 'This node has no such deal'), h('a', {href: '#/deals'}, 'All deals')))};
}
