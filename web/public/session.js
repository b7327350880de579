// Begins to renew the session while the app is still being loaded; api/session.ts takes the answer.
if (localStorage.getItem('worksynapse.signed-in') !== null) {
  const renew = () =>
    fetch('/v1/session/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
  window.worksynapseSession =
    'locks' in navigator ? navigator.locks.request('worksynapse.session', renew) : renew();
}
