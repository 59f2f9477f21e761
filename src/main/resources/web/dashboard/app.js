// The frame around all pages: header, side, search, theme, the live connection, and which page is open.

import {h, icon, say, show} from './dom.js';
import {call, connect, connection, follow, onState} from './rpc.js';
import {chainAt, count} from './format.js';
import {isMiner, learn, rights} from './words.js';
import overview from './page-overview.js';
import deals from './page-deals.js';
import deal from './page-deal.js';
import pipeline from './page-pipeline.js';
import funds from './page-funds.js';
import peers from './page-peers.js';
import asks from './page-asks.js';
import routes from './page-routes.js';
import alerts from './page-alerts.js';

const PAGES = {'': overview, deals, deal, pipeline, funds, peers, asks, routes, alerts};
const TICK = 5000;
const ALERTS_EVERY = 15000;
const RELOAD_PAUSE = 700;
const COUNT_PAUSE = 1200;

const main = document.getElementById('main');
const app = {overview: null, alerts: [], stuck: null, address: null, draw, reload, run, refreshAlerts};
let page = null;
let opened = 0;
let failure = null;
let isMenuOpen = false;
let reloading = null;
let counting = null;
let isDrawing = false;

// ---- the frame ----

function bar() {
  const state = connection();
  const words = {live: ['good', 'live'], connecting: ['warn', 'connecting…'], again: ['bad', 'connecting again…']}[state];
  const theme = document.documentElement.dataset.theme || 'auto';
  const themes = {auto: ['auto', 'as the system', 'light'], light: ['sun', 'light', 'dark'], dark: ['moon', 'dark', 'auto']}[theme];
  show(document.getElementById('bar'),
      h('button.icon-button.menu-button', {type: 'button', 'aria-label': 'Pages', 'aria-expanded': String(isMenuOpen), 'aria-controls': 'side', onclick: () => { isMenuOpen = !isMenuOpen; frame(); }}, icon('menu')),
      h('a.brand', {href: '#/', 'aria-label': 'Caravan, overview'}, logo(), h('span.name', null, 'Caravan'), app.overview ? h('span.role', null, app.overview.role) : null),
      h('span.grow'),
      h('form.search', {role: 'search', onsubmit: search}, icon('search'), h('input', {id: 'search', name: 'find', type: 'search', 'aria-label': 'Find a deal by number, CID or label', placeholder: 'Find a deal', autocomplete: 'off', spellcheck: 'false', maxlength: 256}), h('kbd', {'aria-hidden': 'true'}, '/')),
      h('span.live', {class: state === 'live' ? '' : 'off', role: 'status', title: state === 'live' ? 'What you see is kept up to date' : 'What you see may be old'}, h('span.dot', {class: words[0]}), h('span.word', null, words[1])),
      h('button.icon-button', {type: 'button', id: 'theme', title: `Colours: ${themes[1]}`, 'aria-label': `Colours: ${themes[1]}. Change to ${themes[2]}`, onclick: () => setTheme(themes[2])}, icon(themes[0])),
      app.overview && app.overview.you.bySession ? h('button.icon-button', {type: 'button', id: 'leave', title: `Sign out ${app.overview.you.name}`, 'aria-label': 'Sign out', onclick: () => run(leave())}, icon('leave')) : null);
}

function logo() {
  return h('svg', {viewBox: '0 0 32 32', 'aria-hidden': 'true'}, h('rect', {width: 32, height: 32, rx: 8, fill: '#0b6b78'}),
      h('path', {d: 'M4 23c4-1 5-8 8-8 2 0 2 3 4 3s2-6 5-6c3 0 4 9 7 11', fill: 'none', stroke: '#fff', 'stroke-width': '2.4', 'stroke-linecap': 'round', 'stroke-linejoin': 'round'}), h('circle', {cx: 23, cy: 8, r: 2.4, fill: '#ffd27d'}));
}

function side() {
  const here = location.hash.replace(/^#\/?/, '').split(/[/?]/)[0].replace(/^deal$/, 'deals');
  const item = (id, name, sign, pill) => h('li', null, h('a', {href: `#/${id}`, 'aria-current': here === id ? 'page' : null}, icon(sign), name, pill));
  const many = app.alerts.length;
  const place = document.getElementById('side');
  place.classList.toggle('open', isMenuOpen);
  show(place, h('ul', null,
      item('', 'Overview', 'home'), item('deals', 'Deals', 'deals'), isMiner() ? item('pipeline', 'Pipeline', 'pipeline') : null, item('funds', 'Funds', 'funds'), item('peers', 'Peers', 'peers'),
      item('asks', isMiner() ? 'Asks and limits' : 'Ask a miner', 'asks'), item('routes', 'Routes', 'routes'),
      item('alerts', 'Alerts', 'alerts', many ? h('span.pill.bad', {'aria-label': `${many} need you`}, count(many)) : null),
      h('li', null, h('a', {href: '/hawtio/'}, icon('out'), 'Diagrams'))),
  app.overview ? h('div.foot', null, h('span', null, app.overview.head ? `Epoch ${count(app.overview.head.epoch)}` : 'No head yet'), h('span', null, app.overview.network), h('span', null, `Caravan ${app.overview.version}`)) : null);
}

function frame() {
  bar();
  side();
}

async function leave() {
  const answer = await fetch('/logout', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'});
  if (!answer.ok && answer.status !== 401) throw new Error(`You are still signed in: ${await answer.text()}`);
  location.assign('/login');
}

function setTheme(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem('caravan-theme', theme);
  } catch (e) {
    // a browser that keeps nothing forgets it at the next visit
  }
  bar();
}

function search(event) {
  event.preventDefault();
  const text = new FormData(event.target).get('find').trim();
  if (text) location.hash = `#/deals?find=${encodeURIComponent(text)}`;
}

// ---- pages ----

function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    frame();
    if (failure) show(main, h('section.notice.bad', {role: 'alert'}, h('strong', null, 'This page could not be read'), h('p', null, failure), h('div.buttons', null, h('button.button', {type: 'button', onclick: open}, 'Try again'))));
    else if (page && page.isLoaded) show(main, page.view());
    else show(main, h('p.quiet', {role: 'status'}, 'Loading…'));
  });
}

async function open() {
  const [path, text] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  const mine = ++opened;
  isMenuOpen = false;
  failure = null;
  page = (name === 'pipeline' && !isMiner() ? overview : PAGES[name] || overview)(app, new URLSearchParams(text || ''), decodeURIComponent(rest.join('/')));
  document.title = `${page.title} · Caravan`;
  draw();
  try {
    await page.load();
    if (mine !== opened) return;
    page.isLoaded = true;
  } catch (e) {
    if (mine !== opened) return;
    failure = e.message;
  }
  draw();
}

// Reads the open page's data again, soon and at most so often, without a flicker.
function reload() {
  if (reloading || !page) return;
  const mine = opened;
  reloading = setTimeout(async () => {
    reloading = null;
    try {
      await page.load();
      if (mine === opened) {
        page.isLoaded = true;
        failure = null;
      }
    } catch (e) {
      if (mine === opened && connection() === 'live') failure = e.message;
    }
    draw();
  }, RELOAD_PAUSE);
}

// Work that a click began: its failure is said.
function run(promise) {
  promise.catch(e => say(e.message));
}

async function refreshAlerts() {
  const found = await call('Caravan.Alerts');
  app.alerts = found.alerts;
  app.stuck = found.stuck;
  draw();
}

async function refreshOverview() {
  app.overview = await call('Caravan.Overview');
  chainAt(app.overview.head, app.overview.now);
  if (!app.overview.you.signedIn) location.replace(`/login?next=${encodeURIComponent(`/${location.hash}`)}`);
}

function heard(news) {
  if (news.head && app.overview) {
    app.overview.head = news.head;
    chainAt(news.head);
  }
  if (news.deals && !counting) {
    counting = setTimeout(() => {
      counting = null;
      run(refreshOverview().then(draw));
    }, COUNT_PAUSE);
  }
  if (page && page.isLoaded) page.news(news);
  draw();
}

// ---- keys ----

addEventListener('keydown', event => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) || document.querySelector('dialog[open]');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    document.getElementById('search').focus();
  } else if (event.key === 'Escape' && isMenuOpen) {
    isMenuOpen = false;
    frame();
  }
});

document.getElementById('skip').onclick = event => {
  event.preventDefault();
  main.focus();
};

// ---- begin ----

async function begin() {
  try {
    const kept = localStorage.getItem('caravan-theme');
    if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
  } catch (e) {
    // as the system has it
  }
  let wasLost = false;
  onState(state => {
    bar();
    if (state === 'again') wasLost = true;
    if (state === 'live' && wasLost && page) {
      wasLost = false;
      run(refreshOverview().then(refreshAlerts));
      reload();
    }
  });
  connect();
  const [, known] = await Promise.all([refreshOverview(), call('Caravan.States')]);
  learn(app.overview, known);
  if (isMiner()) app.address = await call('Filecoin.ActorAddress').catch(() => null);
  
  document.body.dataset.role = app.overview.role;
  document.body.dataset.rights = [...rights].join(' ');
  addEventListener('hashchange', () => { scrollTo(0, 0); open(); main.focus({preventScroll: true}); });
  await open();
  run(refreshAlerts());
  follow('Caravan.Follow', heard);
  setInterval(draw, TICK);
  setInterval(() => { if (connection() === 'live') run(refreshAlerts()); }, ALERTS_EVERY);
}

begin().catch(e => {
  failure = e.message;
  draw();
});
