import type { ControlClient } from './control-client.ts';

/** What the two working apps of the demo send, in turn. */
const CALLS = [
  {
    app: 'docs-bot',
    path: '/chat/completions',
    model: 'gpt-5.4-mini',
    prompt: 'Summarise the release notes.',
  },
  { app: 'docs-bot', path: '/embeddings', model: 'text-embedding-3-small', prompt: 'How do I rotate a key?' },
  { app: 'nightly-job', path: '/responses', model: 'gpt-5.4', prompt: 'Classify these ten tickets.' },
  { app: 'docs-bot', path: '/chat/completions', model: 'gpt-4.1-mini', prompt: 'Draft a friendly answer.' },
] as const;
const PAUSE_MS = 2_500;

/** Sends a request every few seconds until stopped, so that there is something to see. */
export async function sendDemoTraffic(client: ControlClient, baseUrl: string): Promise<() => void> {
  const tokens = new Map<string, string>();
  for (const [name, amount] of [
    ['docs-bot', 2_000_000_000],
    ['nightly-job', 500_000_000],
  ] as const) {
    const limits = [{ metric: 'usd' as const, amount, window: 'day' as const, enforce: 'hard' as const }];
    tokens.set(name, (await client.apps.create({ name, limits })).token ?? '');
  }
  let next = 0;
  const stopped = new AbortController();
  const timer = setInterval(() => {
    const call = CALLS[next % CALLS.length];
    next += 1;
    if (call) void send(baseUrl, call, tokens.get(call.app) ?? '', stopped.signal);
  }, PAUSE_MS);
  return () => {
    clearInterval(timer);
    stopped.abort();
  };
}

async function send(
  baseUrl: string,
  { path, model, prompt }: (typeof CALLS)[number],
  token: string,
  signal: AbortSignal,
): Promise<void> {
  const body =
    path === '/chat/completions'
      ? { model, messages: [{ role: 'user', content: prompt }] }
      : { model, input: prompt };
  try {
    const answer = await fetch(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      signal,
    });
    await answer.arrayBuffer();
  } catch (error) {
    // Stopping the demo cuts what it has under way.
    if (!signal.aborted) throw error;
  }
}
