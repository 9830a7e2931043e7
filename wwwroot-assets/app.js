// The few things a page needs from the browser that Blazor cannot do by itself.
const root = document.documentElement;

function stored() {
  try { return localStorage.getItem('theme'); } catch { return null; }
}

// Before the first paint: the light the viewer chose, else what the system says.
if (stored() === 'light' || stored() === 'dark') root.dataset.theme = stored();

window.movieRecommender = {
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

// A page is read before it is used: it goes live when all of it is there and drawn, or a second after its text at the latest.
const shown = new Promise(done => {
  addEventListener('load', done);
  document.addEventListener('DOMContentLoaded', () => setTimeout(done, 1000));
});
shown.then(() => {
  const whenIdle = window.requestIdleCallback ?? (start => setTimeout(start, 50));
  whenIdle(() => Blazor.start(), { timeout: 500 });
});

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

// By delegation, so that it works on pages without a live connection too.
document.addEventListener('click', event => {
  if (!event.target.closest('[data-switch-theme]')) return;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  try { localStorage.setItem('theme', root.dataset.theme); } catch { /* private windows keep nothing */ }
});
