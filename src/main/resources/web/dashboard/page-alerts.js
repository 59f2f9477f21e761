// What needs a person now, each with a sentence and what to do.

import {h, icon} from './dom.js';
import {ago, plain} from './format.js';

export function alertList(app, alerts) {
  return h('ul.stack.tight', null, alerts.map(alert => h('li.notice', {class: alert.level === 'fail' ? 'bad' : 'warn', 'data-key': alert.id},
      h('strong', null, plain(alert.title)), h('p', null, plain(alert.sentence)), alert.fix ? h('p.quiet', null, h('strong', null, 'What to do: '), alert.fix) : null,
      h('p.small.faint', null, alert.since ? ['since ', ago(alert.since), ' '] : null, alert.link ? h('a', {href: alert.link}, alert.linkText || 'Look at it') : null))));
}

export default function alerts(app) {
  return {
    title: 'Alerts',
    load: () => app.refreshAlerts(),
    news: () => false,
    view: () => [
      h('div.head', null, h('div', null, h('h1', null, app.alerts.length ? `${app.alerts.length} thing${app.alerts.length === 1 ? ' needs' : 's need'} you` : 'Nothing needs you'),
          h('p.lead', null, 'What this node cannot settle by itself: deals that are stuck, money that runs low, checks that fail. It is looked at again every few seconds.'))),
      app.alerts.length ? alertList(app, app.alerts) : h('section.card', null, h('div.empty', null, icon('calm'), h('strong', null, 'All is well'), h('p', null, 'Every check is fine and every deal goes on by itself.'))),
    ],
  };
}
