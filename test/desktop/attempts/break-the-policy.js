// Runs within the page: tries what its policy forbids, and says what came of it.
(async () => {
  // While a debugger evaluates, the policy does not forbid it to; afterwards it does.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const blocked = [];
  document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
  const results = {};
  const attempt = async (name, run) => {
    try {
      await run();
      results[name] = 'done';
    } catch {
      results[name] = 'refused';
    }
  };
  await attempt('inline script', () => {
    const script = document.createElement('script');
    script.append('globalThis.ran = true');
    document.body.append(script);
  });
  await attempt('html', () => {
    document.body.innerHTML = '<img src=x onerror="globalThis.ran = true">';
  });
  await attempt('eval', () => Reflect.apply(Function, undefined, ['globalThis.ran = true'])());
  await attempt('foreign address', () => fetch('http://127.0.0.1:9/'));
  await attempt('worker', () => new Worker('data:text/javascript,1'));
  const frame = document.createElement('iframe');
  frame.src = 'http://127.0.0.1:9/';
  document.body.append(frame);
  const foreign = document.createElement('img');
  foreign.src = 'http://127.0.0.1:9/x.png';
  document.body.append(foreign);
  // The events of the policy come a moment later.
  const endsMs = performance.now() + 15_000;
  while (blocked.length < 4 && performance.now() < endsMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { results, blocked, ran: 'ran' in globalThis };
})();
