import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, openTarget, type Target } from '../helpers/expect-untouched.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

function send(path: string, body: object) {
  return target.send({
    target: path,
    headers: target.goodHeaders,
    body: Buffer.from(JSON.stringify(body)).toString('latin1'),
  });
}
const chat = (more: object) =>
  send('/v1/chat/completions', {
    max_completion_tokens: 50,
    messages: [{ role: 'user', content: 'hi' }],
    ...more,
  });
const respond = (more: object) => send('/v1/responses', { input: 'hi', max_output_tokens: 50, ...more });

test.each([
  'no-such-model',
  'gpt-5.4-mini-evil',
  'gpt-5.4-minix',
  'GPT-5.4-MINI',
  'ft:no-such-base:org::id',
  'openai/gpt-5.4-mini',
  '../gpt-5.4-mini',
  'gpt-5.4-mini-2099-13-99x',
  '__proto__',
  'constructor',
  '*',
])('A47 model %s has no price', async (model) => {
  await expectRefused(target, () => chat({ model }), {
    status: 403,
    code: 'model_price_unknown',
  });
  await expectRefused(target, () => respond({ model }), {
    status: 403,
    code: 'model_price_unknown',
  });
});

test.each<[string, unknown]>([
  ['with a space', 'gpt-5.4 mini'],
  ['with a space in front', ' gpt-5.4-mini'],
  ['with a line end', 'gpt-5.4-mini\n'],
  ['with a NUL', 'gpt-5.4-mini\0'],
  ['with a homoglyph', 'gpt-5.4-m\u0456ni'],
  ['with an invisible character', 'gpt-5.4-mini\u200b'],
  ['with full-width letters', '\uff47pt-5.4-mini'],
  ['of 10 KB', 'm'.repeat(10_000)],
  ['of 20 KB', 'm'.repeat(20_000)],
  ['empty', ''],
  ['null', null],
  ['a number', 5],
  ['a list', ['gpt-5.4-mini']],
  ['an object', { id: 'gpt-5.4-mini' }],
])('A47 a model %s is no model name', async (_name, model) => {
  const answer = await expectRefused(target, () => chat({ model }), {
    status: 400,
    code: 'invalid_body',
  });
  expect(answer.body.length).toBeLessThan(1_000);
});

test('A47 a price that the user sets opens that very model', async () => {
  const { client } = target.tollgate;
  await client.prices.set({ model: 'my-model', rates: { input: 1_000, output: 1_000 } });
  const answer = await chat({ model: 'my-model' });
  // Known here, and unknown to OpenAI.
  expect([answer.status, answer.headers['x-tollgate-error']]).toEqual([404, undefined]);
  await expectRefused(target, () => chat({ model: 'my-model-2' }), { status: 403 });
});
