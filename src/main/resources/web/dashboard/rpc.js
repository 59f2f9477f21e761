// JSON-RPC over one WebSocket that comes back by itself: later and later, half a second to fifteen, and says how it stands.

const FIRST = 500;
const LAST = 15000;
const PATIENCE = 30000;

let socket = null;
let next = 1;
let wait = FIRST;
let state = 'connecting';
const calls = new Map();
const channels = new Map();
const early = new Map();
const watchers = new Set();
const follows = new Set();

export const connection = () => state;
export const onState = watcher => { watchers.add(watcher); watcher(state); };

export class RpcError extends Error {}

function tell(fresh) {
  if (fresh === state) return;
  state = fresh;
  watchers.forEach(watcher => watcher(state));
}

export function connect() {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  socket = new WebSocket(`${scheme}//${location.host}/rpc/v1`);
  socket.onopen = () => {
    wait = FIRST;
    for (const call of calls.values()) { call.sent = true; socket.send(call.text); }
    tell('live');
    follows.forEach(subscribe);
  };
  socket.onmessage = message => heard(JSON.parse(message.data));
  socket.onclose = lost;
}

async function lost() {
  tell('again');
  channels.clear();
  early.clear();
  for (const call of [...calls.values()]) if (call.sent) call.fail(new RpcError('The connection broke before the node answered. It is being made again.'));
  const delay = wait * (0.75 + Math.random() / 2);
  wait = Math.min(LAST, wait * 2);
  setTimeout(async () => {
    if (await signedOut()) location.assign(`/login?next=${encodeURIComponent(`/${location.hash}`)}`);
    else connect();
  }, delay);
}

// Whether the node is there and wants us to sign in again; a node that is away gives no answer.
async function signedOut() {
  try {
    const answer = await fetch('/rpc/v1', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"jsonrpc":"2.0","id":1,"method":"Filecoin.Session","params":[]}'});
    return answer.status === 401;
  } catch (e) {
    return false;
  }
}

addEventListener('online', () => { if (state === 'again') wait = FIRST; });

export function call(method, ...params) {
  const id = next++;
  const text = JSON.stringify({jsonrpc: '2.0', id, method, params});
  return new Promise((done, failed) => {
    const timer = setTimeout(() => end(() => failed(new RpcError('The node did not answer within 30 seconds. It may be starting or very busy; try again.'))), PATIENCE);
    const end = act => { clearTimeout(timer); calls.delete(id); act(); };
    const open = socket && socket.readyState === WebSocket.OPEN;
    calls.set(id, {text, sent: open, done: value => end(() => done(value)), fail: error => end(() => failed(error))});
    if (open) socket.send(text);
  });
}

function heard(message) {
  if (message.method === 'xrpc.ch.val') {
    const [number, value] = message.params;
    if (channels.has(number)) channels.get(number)(value);
    else early.set(number, [...(early.get(number) || []), value]);
    return;
  }
  if (message.method === 'xrpc.ch.close') {
    channels.delete(message.params[0]);
    socket.close(); // begin anew, so that nothing is missed
    return;
  }
  const call = calls.get(message.id);
  if (!call) return;
  if (message.error) call.fail(new RpcError(message.error.message));
  else call.done(message.result);
}

// Calls back with each value of a channel, also after the connection was made anew.
export function follow(method, listener) {
  const one = {method, listener};
  follows.add(one);
  if (socket && socket.readyState === WebSocket.OPEN) subscribe(one);
}

async function subscribe({method, listener}) {
  try {
    const number = await call(method);
    channels.set(number, listener);
    (early.get(number) || []).forEach(listener);
    early.delete(number);
  } catch (e) {
    if (state === 'live') setTimeout(() => subscribe({method, listener}), LAST);
  }
}
