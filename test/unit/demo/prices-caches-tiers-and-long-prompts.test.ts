import { expect, it } from 'vitest';
import { openSimulation } from './simulation-fixture.ts';

const ask = (content: string) => [{ role: 'user' as const, content }];
/** `words(n)` is n tokens. */
const words = (count: number): string => `word${' word'.repeat(count - 1)}`;

it('caches prompts from 1,024 tokens, in steps of 128', async () => {
  const { client, bill } = await openSimulation();
  const cached = async (content: string): Promise<number> => {
    const { usage } = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: ask(content),
      max_tokens: 1,
    });
    return usage?.prompt_tokens_details?.cached_tokens ?? -1;
  };
  expect(await cached(words(1023))).toBe(0);
  expect(await cached(words(1023))).toBe(0);
  expect(await cached(words(1200))).toBe(0);
  expect(await cached(words(1200))).toBe(1152);
  expect(await cached(`${words(1030)} and then something else`)).toBe(1024);
  expect(await cached(`other ${words(1200)}`)).toBe(0);
  const repeated = bill.rows[3];
  expect(repeated?.costNanoUsd).toBe((1200 + 7 - 1152) * 2500 + 1152 * 1250 + 10_000);
});

it('does not share a cache between models', async () => {
  const { client } = await openSimulation();
  const body = { messages: ask(words(1200)), max_tokens: 1 };
  await client.chat.completions.create({ ...body, model: 'gpt-4o' });
  const { usage } = await client.chat.completions.create({ ...body, model: 'gpt-4o-mini' });
  expect(usage?.prompt_tokens_details?.cached_tokens).toBe(0);
});

it('bills what is written to the cache, by lifetime', async () => {
  const { client, bill } = await openSimulation();
  const write = (input: string, ttl: '30m' | '12h') =>
    client.responses.create({
      model: 'gpt-6.2-sol',
      input,
      max_output_tokens: 16,
      prompt_cache_options: { ttl },
    });
  const first = await write(words(1200), '30m');
  expect(first.usage?.input_tokens_details).toEqual({
    cached_tokens: 0,
    cache_write_tokens: 1152,
    cache_write_tokens_details: { ttl_30m_tokens: 1152, ttl_12h_tokens: 0 },
  });
  expect(bill.rows[0]?.costNanoUsd).toBe(55 * 2000 + 1152 * 2500 + 16 * 10_000);
  const grown = await write(words(1408), '12h');
  expect(grown.usage?.input_tokens_details).toEqual({
    cached_tokens: 1152,
    cache_write_tokens: 256,
    cache_write_tokens_details: { ttl_30m_tokens: 0, ttl_12h_tokens: 256 },
  });
  expect(bill.rows[1]?.costNanoUsd).toBe(7 * 2000 + 1152 * 100 + 256 * 5000 + 16 * 10_000);
});

it('reports written tokens in chat, too', async () => {
  const { client } = await openSimulation();
  const { usage } = await client.chat.completions.create({
    model: 'gpt-6.2-sol',
    messages: ask(words(1200)),
  });
  expect(usage?.prompt_tokens_details).toMatchObject({ cached_tokens: 0, cache_write_tokens: 1152 });
});

it('prices a request of more than 272,000 tokens as a whole', async () => {
  const { client, bill } = await openSimulation();
  const body = { model: 'gpt-5.4', max_completion_tokens: 64, reasoning_effort: 'none' } as const;
  const short = await client.chat.completions.create({ ...body, messages: ask(words(271_993)) });
  const long = await client.chat.completions.create({ ...body, messages: ask(`x ${words(271_993)}`) });
  expect(short.usage?.prompt_tokens).toBe(272_000);
  expect(long.usage?.prompt_tokens).toBe(272_001);
  const out = [short, long].map((each) => each.usage?.completion_tokens ?? 0);
  expect(bill.rows.map((each) => each.costNanoUsd)).toEqual([
    272_000 * 2500 + (out[0] ?? 0) * 15_000,
    272_001 * 5000 + (out[1] ?? 0) * 22_500,
  ]);
});

it('answers and bills the tier that was used', async () => {
  const { client, bill } = await openSimulation();
  const tier = async (model: string, service_tier: 'auto' | 'flex' | 'priority' | 'fast') => {
    const answer = await client.chat.completions.create({ model, service_tier, messages: ask('hi') });
    const { prompt_tokens = 0, completion_tokens = 0 } = answer.usage ?? {};
    const row = bill.rows.at(-1);
    expect(row?.serviceTier).toBe(answer.service_tier);
    return [
      answer.service_tier,
      (row?.costNanoUsd ?? 0) / (prompt_tokens * 2500 + completion_tokens * 15_000),
    ];
  };
  expect(await tier('gpt-5.4', 'auto')).toEqual(['default', 1]);
  expect(await tier('gpt-5.4', 'flex')).toEqual(['flex', 0.5]);
  expect(await tier('gpt-5.4', 'priority')).toEqual(['priority', 2]);
  expect(await tier('gpt-5.4', 'fast')).toEqual(['priority', 2]);
  // A model without the tier serves the request at the standard one.
  expect((await tier('gpt-4o', 'flex'))[0]).toBe('default');
});

it('takes the tier factor of the day', async () => {
  let now = Date.parse('2027-02-28T23:59:59Z');
  const { client, bill } = await openSimulation({ now: () => now });
  const body = {
    model: 'gpt-6.2-sol',
    input: 'hi',
    max_output_tokens: 16,
    service_tier: 'ultrafast',
  } as const;
  await client.responses.create(body);
  now += 1000;
  await client.responses.create(body);
  const standard = 8 * 2000 + 16 * 10_000;
  expect(bill.rows.map((each) => each.costNanoUsd)).toEqual([standard * 3, standard * 6]);
});
