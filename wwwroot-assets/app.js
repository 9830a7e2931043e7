// The few things a page needs from the browser that Blazor cannot do by itself.
const root = document.documentElement;

function stored() {
  try { return localStorage.getItem('theme'); } catch { return null; }
}

// Before the first paint: the light the viewer chose, else what the system says.
if (stored() === 'light' || stored() === 'dark') root.dataset.theme = stored();

window.movieRecommender = {
  // The stars that come up where something was pressed.
  focusFirst(group) {
    (group.querySelector(':checked') ?? group.querySelector('input')).focus();
  },

  // Sets the guest's cookie; the answer tells the open page who that guest is.
  async becomeGuest() {
    const response = await fetch('/guest', { method: 'POST', headers: { Accept: 'text/plain' } });
    return response.ok ? await response.text() : null;
  },

  // Keeps the address in step with what is typed, for reload, back and sharing, as long as the page is still the same.
  writeAddress(address) {
    const url = new URL(address, document.baseURI);
    if (url.pathname === location.pathname) history.replaceState(history.state, '', url);
  },
};

// A page is read before it is used. It goes live when somebody is about to use it: moves the mouse, presses a key, lays hands on a
// control; and by itself three seconds after it was drawn, so that what happens elsewhere shows on it too.
const controls = 'button[type=button]:not([data-switch-theme],[data-copied]),input:not([type=file],[type=password]),select,textarea';
const untouched = 3000;

const isUse = event => event.type === 'keydown' || (event.type === 'pointermove' ? event.pointerType === 'mouse' : event.target.closest?.(controls));
const used = new Promise(done => {
  const signs = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'click', 'input'];
  const look = event => {
    if (!isUse(event)) return;
    signs.forEach(sign => removeEventListener(sign, look, true));
    done();
  };
  signs.forEach(sign => addEventListener(sign, look, { capture: true, passive: true }));
});
const parsed = new Promise(done => document.addEventListener('DOMContentLoaded', done));
const drawn = new Promise(done => addEventListener('load', done));
const waited = drawn.then(() => new Promise(done => setTimeout(done, untouched)));
Promise.all([parsed, Promise.race([used, waited])]).then(() => Blazor.start());

// What is pressed or typed before that would be lost when the live page takes the place of the first drawing. It is noted, and done there.
const early = [];

// Names are how people tell controls apart, and stay the same; elements do not.
function nameOf(element) {
  const names = [element.localName, element.type, element.getAttribute('aria-label') ?? element.textContent.trim()];
  for (let at = element.parentElement; at; at = at.parentElement) names.push(at.getAttribute('aria-label') ?? '');
  return names.join('\n');
}

const namesakes = (element, name) => [...document.querySelectorAll(element)].filter(other => nameOf(other) === name);

function note(event) {
  const element = event.target.closest?.(controls);
  if (!element) return;
  const pressed = element.matches('button,[type=radio],[type=checkbox]');
  if (pressed !== (event.type === 'click')) return;
  const name = nameOf(element);
  const place = namesakes(element.localName, name).indexOf(element);
  const again = early.find(one => !pressed && one.name === name && one.place === place);
  if (again) again.value = element.value;
  else early.push({ element: element.localName, name, place, pressed, value: element.value });
}

function repeat() {
  while (early.length > 0) {
    const { element, name, place, pressed, value } = early[0];
    const found = namesakes(element, name)[place];
    // It may be drawn a little later.
    if (!found) return;
    early.shift();
    found.focus({ preventScroll: true });
    if (pressed) {
      found.click();
      continue;
    }
    found.value = value;
    for (const type of ['input', 'change']) found.dispatchEvent(new Event(type, { bubbles: true }));
  }
}

const notes = ['click', 'input', 'change'];
notes.forEach(type => addEventListener(type, note, true));
let live = false;
new MutationObserver((_, watcher) => {
  if (!live && document.querySelector('[data-interactive=true]')) {
    live = true;
    notes.forEach(type => removeEventListener(type, note, true));
    setTimeout(() => watcher.disconnect(), 5000);
  }
  if (live) repeat();
}).observe(root, { childList: true, subtree: true, attributeFilter: ['data-interactive'] });

// Forms that a passkey answers: fetches the question, lets the browser ask the person, and sends the answer with the form.
document.addEventListener('submit', async event => {
  const form = event.target;
  const answer = form.querySelector?.('[data-passkey-answer]');
  if (!answer) return;
  event.preventDefault();
  const problem = form.querySelector('[data-passkey-problem]');
  problem.hidden = true;
  try {
    const response = await fetch(form.dataset.passkeyFrom, { method: 'POST', body: new FormData(form) });
    if (response.status === 422) {
      problem.textContent = await response.text();
      problem.hidden = false;
      return;
    }
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    const question = await response.json();
    const credential = form.dataset.passkey === 'create'
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
    answer.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    problem.textContent = window.PublicKeyCredential ? problem.dataset.unused : problem.dataset.missing;
    problem.hidden = false;
    console.info(error);
  }
});

// Without a connection nothing can be done: what would be lost cannot be pressed.
document.addEventListener('components-reconnect-state-changed', event => {
  document.querySelector('main').inert = event.detail.state !== 'hide';
}, true);

// A link to hand on. Outside of https the clipboard is closed to pages, but not to a selection.
document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copied]');
  if (!button) return;
  const field = button.parentElement.querySelector('input');
  field.select();
  try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand('copy'); }
  button.textContent = button.dataset.copied;
});

// By delegation, so that it works on pages without a live connection too.
document.addEventListener('click', event => {
  if (!event.target.closest('[data-switch-theme]')) return;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  try { localStorage.setItem('theme', root.dataset.theme); } catch { /* private windows keep nothing */ }
});
