// As little of a page as the desktop needs to show that calls and streams come through: it calls the two
// contracts by hand, in the form that their clients use.
const put = (id, text) => {
  document.getElementById(id).textContent = text;
};

function call(path, input, signal) {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: input }),
    signal,
  });
}

async function* events(path, input) {
  const answer = await call(path, input);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: '));
      if (data) yield JSON.parse(data.slice('data: '.length)).json;
    }
  }
}

async function followShell() {
  for await (const state of events('/shell/follow')) put('engine', state.engine.state);
}

async function followSpending() {
  for await (const event of events('/rpc/events/follow', { kinds: ['spend'] })) {
    if (event.kind === 'spend') put('spent', event.total.todayNanoUsd);
  }
}

put('screen', location.pathname);
void followShell();
const status = await (await call('/rpc/engine/status')).json();
put('base-url', status.json.baseUrl);
void followSpending();
