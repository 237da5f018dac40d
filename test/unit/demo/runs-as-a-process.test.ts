import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { expect, it, onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../../../proxy/demo/main.ts', import.meta.url));
const priceBook = new URL('../../../proxy/pricing/price-book.json', import.meta.url);

it.skipIf(!existsSync(priceBook))('prints one line when ready and ends cleanly on SIGTERM', async () => {
  const child = spawn(process.execPath, [main, '--key', 'sk-demo', '--tokens-per-second', '0']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  await once(reader, 'line');
  const { baseUrl, pid } = JSON.parse(lines[0] ?? '') as { baseUrl: string; pid: number };
  expect(pid).toBe(child.pid);
  const client = new OpenAI({ apiKey: 'sk-demo', baseURL: baseUrl });
  const answer = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'hi' }],
  });
  expect(answer.choices).toHaveLength(1);
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect(lines).toHaveLength(1);
});

it('refuses to start without a key', async () => {
  const child = spawn(process.execPath, [main]);
  const [code] = await once(child, 'exit');
  expect(code).toBe(2);
});
