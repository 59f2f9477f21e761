// The routes that deals run through: which version of each file is in force, what was changed when and by whom, and what was refused.

import {h, icon, say} from './dom.js';
import {call} from './rpc.js';
import {ago, count, moment, now} from './format.js';
import {lacking} from './words.js';

const VERDICTS = {taken: 'good', refused: 'bad', 'rolled back': 'warn', 'rolled-back': 'warn', 'next start': 'busy', 'next-start': 'busy', interrupted: 'warn', underway: 'busy'};

// Files tell nothing when they change: they are looked at again this often while the chain goes on.
const LOOK = 5000;

const isRunning = route => /^start|^astray/i.test(route.state || '');

// A long name of many words may be broken between its words only.
const breakable = name => name.split(/(?<=[a-z])(?=[A-Z])/).flatMap((word, i) => (i ? [h('wbr'), word] : [word]));

export default function routes(app, query) {
  const wanted = query.get('route'); // or a file, whose routes are shown
  let isLed = false;
  let files = null;
  let swaps = [];
  let missing = null;
  let lookedAt = 0;

  async function load() {
    lookedAt = now();
    try {
      files = (await call('Caravan.RouteList')).files;
      swaps = (await call('Caravan.RouteHistory', null, null, 50)).swaps;
      missing = null;
    } catch (e) {
      missing = e.message;
    }
  }

  function news() {
    if (now() - lookedAt > LOOK) app.reload();
    return false;
  }

  function view() {
    const head = h('div.head', null, h('div', null, h('h1', null, 'Routes'), h('p.lead', null, 'Each phase of a deal is a short route in a file that can be changed while the node runs. Deals under way finish on the version they began with.')),
        h('a.button', {href: '/hawtio/'}, icon('out'), 'Diagrams with live counters'));
    if (missing) return [head, h('section.notice', null, h('strong', null, 'The routes cannot be listed'), h('p', null, missing))];
    const stopped = files.flatMap(file => file.routes.filter(route => !isRunning(route)).map(route => [file, route]));
    if (wanted && !isLed) {
      isLed = true;
      requestAnimationFrame(() => { const place = document.querySelector(`[data-key="${CSS.escape(wanted)}"]`); if (place) place.scrollIntoView({block: 'center'}); });
    }
    return [head,
      stopped.length ? h('section.notice.warn', null, h('strong', null, `${count(stopped.length)} route${stopped.length === 1 ? ' is' : 's are'} not running`), h('p', null, 'What is in these phases waits, and goes on by itself once they run.'), h('ul.stack.tight', null, stopped.map(([, route]) => h('li', {'data-key': `stopped-${route.id}`}, h('strong', null, breakable(route.id)), ' ', halted(route), ' ', start(route))))) : null,
      files.filter(file => file.trouble).map(file => h('section.notice.bad', {'data-key': `trouble-${file.file}`}, h('strong', null, `${file.file} as it lies there is not in force: version ${file.version} runs`), h('p', null, file.trouble))),
      h('div.grid', null, history(), h('section.card.w7', {'aria-label': 'Files'}, h('header', null, h('h2', null, 'Files'), h('span.quiet', null, `${count(files.length)} files, ${count(files.reduce((sum, file) => sum + file.routes.length, 0))} routes`)), h('div.files', null, files.map(one))))];
  }

  // Since when, by whom.
  const halted = route => h('span.quiet', null, (route.state || 'stopped').toLowerCase(), route.stoppedBy ? ` by ${route.stoppedBy}` : '', route.stoppedSince ? [', ', ago(route.stoppedSince)] : '');

  function start(route) {
    const no = lacking('admin');
    return h('button.button.small', {type: 'button', disabled: Boolean(no), title: no, 'aria-label': `Start ${route.id}`, onclick: () => app.run(begin(route))}, 'Start');
  }

  async function begin(route) {
    await call('Caravan.RouteStart', route.id);
    say(`${route.id} runs`);
    await load();
    app.draw();
  }

  function one(file) {
    const asleep = file.routes.filter(route => !isRunning(route)).length;
    return h('details.file', {'data-key': file.file, open: wanted !== null && (file.file === wanted || file.routes.some(route => route.id === wanted))},
        h('summary', null, h('span.dot', {class: file.trouble ? 'bad' : asleep ? 'warn' : 'good'}), h('code', null, file.file),
            h('span.small.quiet', null, file.shipped ? 'as shipped' : [`version ${file.version}`, file.since ? [', since ', ago(file.since)] : null], asleep ? `, ${count(asleep)} stopped` : null)),
        file.routes.length ? h('ul.stack.tight', null, file.routes.map(route => h('li', {'data-key': route.id},
            h('div', null, h('strong', null, breakable(route.id)), isRunning(route) ? null : [' ', h('span.badge.warn', null, route.state || 'unknown'), ' ', start(route)], route.underWay ? h('span.quiet', null, `, ${count(route.underWay)} under way`) : null),
            h('p.small.quiet', null, route.description)))) : h('p.small.quiet', null, 'No route of its own: what the routes of this side do when a phase fails.'));
  }

  function history() {
    return h('section.card.w5', {'aria-label': 'Changes'}, h('h2', null, 'Changes'), swaps.length ? h('ul.stack', null, swaps.map(swap => h('li.stack.tight', {'data-key': swap.id}, h('div', null, h('span.badge', {class: VERDICTS[swap.verdict] || ''}, swap.verdict), ' ', h('code', null, swap.file)), h('span.small.quiet', null, moment(swap.at), ' by ', swap.who), swap.reason ? h('p', null, swap.reason) : null,
        swap.diff ? h('details', null, h('summary', null, 'What changed'), h('pre', {tabindex: 0}, swap.diff.split('\n').map(line => h('span', {class: line.startsWith('+') ? 'plus' : line.startsWith('-') ? 'minus' : null}, `${line}\n`)))) : null)))
      : h('p.quiet', null, 'None yet: all routes are as they were at the start.'));
  }

  return {title: 'Routes', load, news, view};
}
