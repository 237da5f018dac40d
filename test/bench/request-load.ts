import autocannon from 'autocannon';

/** Anything that looks like one; the upstream of a benchmark takes it. */
export const BENCH_KEY = 'sk-proj-benchbenchbenchbench0000';
const BODY = JSON.stringify({
  model: 'gpt-5.4-mini',
  messages: [
    { role: 'system', content: 'You answer in one sentence.' },
    { role: 'user', content: 'Where is the answer to the question?' },
  ],
  max_completion_tokens: 64,
});

export interface Measured {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
}

/** Requests of so many connections, each after the other, for some seconds. */
export async function load(
  url: string,
  token: string,
  connections: number,
  seconds: number,
): Promise<Measured> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: BODY,
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} errors`);
  }
  return { requestsPerSecond: result['2xx'] / result.duration, p50Ms: result.latency.p50 };
}

/** The median latency of requests one after the other; autocannon counts whole milliseconds only. */
export async function serialP50(url: string, token: string, count: number): Promise<number> {
  const { Client } = await import('undici');
  const { origin, pathname } = new URL(url);
  const client = new Client(origin);
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const started = performance.now();
    const { statusCode, body } = await client.request({
      method: 'POST',
      path: pathname,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: BODY,
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`${url}: ${statusCode}`);
    times.push(performance.now() - started);
  }
  await client.close();
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}
