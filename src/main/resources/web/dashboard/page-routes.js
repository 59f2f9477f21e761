// The routes that deals run through: which version of each file is in force, what was changed when and by whom, and what was refused.

import {h, icon} from './dom.js';
import {call} from './rpc.js';
import {ago, count, moment} from './format.js';

const VERDICTS = {taken: 'good', refused: 'bad', 'rolled back': 'warn', 'rolled-back': 'warn', 'next start': 'busy', 'next-start': 'busy', interrupted: 'warn', underway: 'busy'};

export default function routes(app) {
  let files = null;
  let swaps = [];
  let missing = null;

  async function load() {
    try {
      files = (await call('Caravan.RouteList')).files;
      swaps = (await call('Caravan.RouteHistory', null, null, 50)).swaps;
    } catch (e) {
      missing = e.message;
    }
  }

  function view() {
    const head = h('div.head', null, h('div', null, h('h1', null, 'Routes'), h('p.lead', null, 'Each phase of a deal is a short route in a file that can be changed while the node runs. Deals under way finish on the version they began with.')),
        h('a.button', {href: '/hawtio/'}, icon('out'), 'Diagrams with live counters'));
    if (missing) return [head, h('section.notice', null, h('strong', null, 'The routes cannot be listed'), h('p', null, missing))];
    const stopped = files.flatMap(file => file.routes.filter(route => !/^start/i.test(route.state || '')).map(route => [file, route]));
    return [head,
      stopped.length ? h('section.notice.warn', null, h('strong', null, `${count(stopped.length)} route${stopped.length === 1 ? ' is' : 's are'} not running`), h('p', null, stopped.map(([, route]) => `${route.id} (${route.state})`).join(', '), '. Deals in these phases wait. Start them in the diagrams.')) : null,
      h('div.stack', null, files.map(one)), history()];
  }

  function one(file) {
    return h('section.card', {'data-key': file.file}, h('header', null, h('h2', null, h('code', null, file.file)), h('span.quiet', null, file.shipped ? 'as shipped' : `version ${file.version}`, file.since ? [', since ', ago(file.since)] : null)),
        file.trouble ? h('p.notice.bad', null, h('strong', null, 'The file as it lies there is not in force'), file.trouble) : null,
        h('ul.stack.tight', null, file.routes.map(route => h('li', {'data-key': route.id}, h('div', null, h('span.badge', {class: /^start/i.test(route.state || '') ? 'good' : 'warn'}, route.state || 'unknown'), ' ', h('strong', null, route.id), route.underWay ? h('span.quiet', null, `, ${count(route.underWay)} under way`) : null), h('p.small.quiet', null, route.description)))));
  }

  function history() {
    return h('section.card', null, h('h2', null, 'Changes'), swaps.length ? h('ul.stack', null, swaps.map(swap => h('li.stack.tight', {'data-key': swap.id}, h('div', null, h('span.badge', {class: VERDICTS[swap.verdict] || ''}, swap.verdict), ' ', h('code', null, swap.file), ' ', h('span.quiet', null, moment(swap.at), ' by ', swap.who)), swap.reason ? h('p', null, swap.reason) : null,
        swap.diff ? h('details', null, h('summary', null, 'What changed'), h('pre', {tabindex: 0}, swap.diff.split('\n').map(line => h('span', {class: line.startsWith('+') ? 'plus' : line.startsWith('-') ? 'minus' : null}, `${line}\n`)))) : null)))
      : h('p.quiet', null, 'None yet: all routes are as they were at the start.'));
  }

  return {title: 'Routes', load, news: () => false, view};
}
