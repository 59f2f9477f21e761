// The money in the market's escrow as one bar that adds up, each part explained; the wallets; adding and taking out.

import {h, icon, say} from './dom.js';
import {call} from './rpc.js';
import {ask} from './dialog.js';
import {ago, atto, cid, count, epoch, fil, filText} from './format.js';
import {isMiner, lacking, shortName, stateWords} from './words.js';
import {sum} from './plot.js';

export default function funds(app) {
  let it = null;
  const typed = {};

  async function load() {
    it = await call('Caravan.Funds');
  }

  function news(told) {
    if (told.deals || told.more || (told.head && moving())) app.reload();
    return false;
  }

  const moving = () => it.accounts.some(account => account.message || account.requests.length);

  function view() {
    if (!it.accounts.length) {
      return [h('h1', null, 'Funds'), h('section.card', null, h('div.empty', null, icon('funds'), h('strong', null, 'No money yet'), h('p', null, 'Make a wallet in a terminal: ', h('code', null, './caravan wallet new'))))];
    }
    return [
      h('div.head', null, h('div', null, h('h1', null, 'Funds'), h('p.lead', null, 'Deals are paid from an escrow that the chain’s storage market keeps. ', isMiner()
          ? 'Your collateral for deals lies there, and what clients have paid you.' : 'What your deals cost lies there until the miner has earned it, epoch by epoch.'))),
      it.violations ? h('p.notice.bad', {role: 'alert'}, h('strong', null, 'The figures did not add up'), `${count(it.violations)} times since this node started. Its log says when and by how much.`) : null,
      it.accounts.map(account),
      ceiling(),
    ];
  }

  function account(account) {
    const locked = BigInt(account.lockedAtto);
    const reserved = BigInt(account.reservedAtto);
    const free = BigInt(account.freeAtto);
    const total = locked + reserved + free;
    const way = BigInt(account.onItsWayAtto);
    return h('div.grid', {'data-key': account.address},
        h('section.card.w7', {'aria-label': `Escrow of ${account.address}`},
            h('header', null, h('h2', null, 'Escrow of ', h('span.mono', null, account.address)), h('span.faint', null, 'as of ', epoch(account.epoch))),
            h('div', null, h('span.figure', null, h('span.number', null, fil(total)), h('span.name', null, way ? `${filText(account.escrowAtto)} in escrow and ${filText(way)} on its way` : 'in escrow'))),
            sum([
              {kind: 'a', name: 'Locked by deals on chain', value: locked, shown: fil(locked), words: isMiner() ? 'Collateral and payments of published deals. The chain gives it back or pays it out as they end.' : 'For published deals. The chain pays it out to the miner, epoch by epoch; what is over comes back.'},
              {kind: 'b', name: 'Kept for deals to come', value: reserved, shown: fil(reserved), words: 'Deals that are under way but not on chain yet need it. It comes free if they fail.'},
              {kind: 'c', name: 'Free', value: free, shown: fil(free), words: 'Nothing needs it. The next deals use it first, or you take it out.'},
            ], total),
            account.wrong ? h('p.notice.bad', {role: 'alert'}, h('strong', null, 'This does not add up'), account.wrong) : null,
            account.message ? h('p.notice.busy', null, h('strong', null, `On its way: ${account.message.note}`), h('span', null, account.message.cid ? cid(account.message.cid, 'message CID') : 'not signed yet', ', since ', ago(account.message.since)), account.message.error ? h('span.error', null, account.message.error) : null) : null,
            account.requests.map(request => h('p.notice.busy', null, h('strong', null, `${request.kind === 'WITHDRAW' ? 'Asked to take out' : 'Asked to add'} ${filText(request.amountAtto)}`), h('span', null, 'It waits its turn: one message about an escrow is on its way at a time.')))),
        h('div.stack.w5', null, wallets(account), form(account, 'add'), form(account, 'withdraw')),
        account.holds.length ? holds(account) : null);
  }

  function wallets(account) {
    return h('section.card', null, h('h2', null, 'Wallets that pay'), h('dl.facts', null, account.wallets.map(wallet => [h('dt.mono', {title: wallet.address}, wallet.address.length > 16 ? `${wallet.address.slice(0, 8)}…${wallet.address.slice(-4)}` : wallet.address),
      h('dd', null, fil(wallet.balanceAtto), wallet.hasKey ? null : h('span.faint', null, ' (its key is not here)'))])));
  }

  function form(account, kind) {
    const isAdd = kind === 'add';
    const no = lacking('sign');
    const wallet = account.wallets.find(one => one.hasKey) || account.wallets[0];
    const key = `${account.address}-${kind}`;
    const top = isAdd ? wallet && wallet.balanceAtto : account.freeAtto;
    const id = `${kind}-amount`;
    async function submit(event) {
      event.preventDefault();
      const input = event.target.elements.amount;
      const amount = atto(input.value);
      input.setAttribute('aria-invalid', String(amount === null || amount === '0'));
      if (amount === null || amount === '0') { say('Give an amount such as 0.5'); return; }
      const done = await ask({title: isAdd ? `Add ${filText(amount)} to the escrow?` : `Take ${filText(amount)} out of the escrow?`,
        lines: [isAdd ? ['From wallet ', h('span.mono', null, wallet.address), ` (it holds ${filText(wallet.balanceAtto)}) to the escrow of `, h('span.mono', null, account.address), '.'] : [`From the escrow of `, h('span.mono', null, account.address), isMiner() ? ' to the miner.' : ' to its wallet.']].map(line => h('p', null, line)),
        consequence: `A message is sent to the chain: ${filText(amount)} move, and its fee (far below 0.1 FIL as a rule) is paid by the wallet. It cannot be called back once it is sent${isAdd ? '; free money can be taken out again' : ''}.`,
        verb: isAdd ? `Add ${filText(amount)}` : `Take out ${filText(amount)}`,
        act: () => call(isAdd ? 'Filecoin.MarketAddBalance' : 'Filecoin.MarketWithdraw', wallet.address, account.address, amount)});
      if (done) { input.value = ''; typed[key] = ''; say('Sent. It shows here when the chain has it.'); app.reload(); }
    }
    return h('section.card', null, h('form.stack.tight', {onsubmit: submit, id: `${kind}-form`}, h('h2', null, isAdd ? 'Add money' : 'Take money out'),
        h('label.field', null, h('span', null, 'FIL'), h('input', {id, name: 'amount', inputmode: 'decimal', autocomplete: 'off', required: true, disabled: Boolean(no) || !wallet, placeholder: '0.5'}), h('span.hint', null, isAdd ? `The wallet holds ${filText(top)}.` : `${filText(top)} are free.`)),
        h('div.buttons', null, h('button.button', {type: 'submit', class: isAdd ? 'primary' : '', disabled: Boolean(no) || !wallet}, isAdd ? 'Add…' : 'Take out…')), no ? h('p.small.quiet', null, no) : null));
  }

  function holds(account) {
    return h('section.card.flush', null, h('header', null, h('h2', null, 'What is held for which deal')),
        h('table.rows', null, h('thead', null, h('tr', null, h('th', null, 'Deal'), h('th', null, 'State'), h('th', null, 'Held'), h('th.right', null, 'Amount'))),
            h('tbody', null, account.holds.slice(0, 100).map(hold => h('tr', {'data-key': hold.proposalCid + hold.purpose}, h('td', null, h('a.row', {href: `#/deal/${hold.proposalCid}`}, cid(hold.proposalCid, 'proposal CID'))),
                h('td', null, hold.dealState ? [stateWords(hold.dealState), ' ', h('span.lotus', null, shortName(hold.dealState))] : 'asked for by other software'), h('td', {'data-name': 'since'}, hold.lockedOnChain ? 'locked by the chain' : ago(hold.since)), h('td.right', null, fil(hold.amountAtto)))))),
        account.holds.length > 100 || account.holdsLeftOut ? h('p.more.faint', null, `and ${count(account.holds.length - 100 + account.holdsLeftOut)} more`) : null);
  }

  function ceiling() {
    const c = it.ceiling;
    return h('section.card', null, h('h2', null, 'Automatic top-ups'), h('p', null, 'What deals need is added to the escrow by itself. In the last 24 hours: ', fil(c.movedAtto), c.atto === '0' ? '. There is no limit.' : [' of at most ', fil(c.atto), '.'], ' The limit is the setting ', h('code', null, c.setting), '.'),
        it.settlements && it.settlements.waiting ? h('p', null, `${count(it.settlements.waiting)} ended deals wait to be settled; that brings their collateral back.`, it.settlements.error ? ` Last try: ${it.settlements.error}` : '') : null);
  }

  return {title: 'Funds', load, news, view};
}
