// Signs in by the code behind the # of a one-time link, by an account, or by a token. No secret gets into the address bar
// or a log: the code is taken out of the history before it is used.

const says = document.getElementById('says');

function tell(text, isBad) {
  says.textContent = text;
  says.classList.toggle('bad', Boolean(isBad));
}

/** Where to go on: a page of this node only. The browser's own reading counts, which drops tabs and turns slashes. */
function next() {
  try {
    const wanted = new URL(new URLSearchParams(location.search).get('next') || '/', location.origin);
    return wanted.origin === location.origin ? wanted.href : '/';
  } catch (e) {
    return '/';
  }
}

async function signIn(what) {
  const buttons = document.querySelectorAll('button');
  buttons.forEach((button) => { button.disabled = true; });
  tell('Signing in …');
  try {
    const answer = await fetch('/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(what),
    });
    if (answer.ok) {
      location.replace(next());
      return;
    }
    const text = await answer.text();
    let sentence = text;
    try {
      sentence = JSON.parse(text).error || text;
    } catch (e) {
      // not JSON: the text is the sentence
    }
    tell('Not signed in: ' + sentence, true);
  } catch (e) {
    tell('The node does not answer. Does it run?', true);
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
}

for (const id of ['account', 'paste']) {
  document.getElementById(id).addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target;
    const what = Object.fromEntries(new FormData(form));
    form.reset();
    signIn(what);
  });
}

function byLink() {
  const code = location.hash.slice(1);
  if (code) {
    history.replaceState(null, '', location.pathname + location.search);
    signIn({ code });
  }
}
addEventListener('hashchange', byLink);
byLink();
