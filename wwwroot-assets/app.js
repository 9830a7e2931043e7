// The few things a page needs from the browser that Blazor cannot do by itself.
window.movieRecommender = {
  // Sets the guest's cookie; the answer tells the open page who that guest is.
  async becomeGuest() {
    const response = await fetch('/guest', { method: 'POST', headers: { Accept: 'text/plain' } });
    return response.ok ? await response.text() : null;
  },

  theme() {
    return document.documentElement.dataset.theme ?? null;
  },

  setTheme(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    localStorage.setItem('theme', theme ?? '');
  },
};
