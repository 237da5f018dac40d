import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FORM_CONTENT_TYPE, formBody } from '../../helpers/form-data.ts';
import { CANARY_KEY } from '../../helpers/open-tollgate.ts';
import { runTollgate, type Served, serveTollgate } from '../../helpers/tollgate-command.ts';
import { openUpstreamServer, type UpstreamServer } from '../../helpers/upstream-server.ts';
import { wavFile } from '../../helpers/wav-file.ts';

const MIB = 1024 * 1024;
const TRANSCRIPT = JSON.stringify({ text: 'Hello', usage: { type: 'duration', seconds: 1_311 } });
/** The engine in a process of its own, so that its memory can be told from the test's. */
let home: string;
let served: Served;
let upstream: UpstreamServer;
let token: string;
let receivedHash = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tollgate-giant-'));
  upstream = await openUpstreamServer((req, res) => {
    const hash = createHash('sha256');
    req.on('data', (chunk: Buffer) => hash.update(chunk));
    req.on('end', () => {
      receivedHash = hash.digest('hex');
      res.writeHead(200, { 'content-type': 'application/json' });
      if (req.url !== '/v1/embeddings') res.end(TRANSCRIPT);
      else
        writeEmbeddings(
          (text) => res.write(text),
          () => res.end(),
        );
    });
  });
  const env = { OPENAI_API_KEY: CANARY_KEY };
  served = await serveTollgate(['--key-store=env', `--upstream=${upstream.baseUrl}`], { home, env });
  const created = await runTollgate(['app', 'create', 'giant', '--limit', 'usd=100/day', '--json'], { home });
  token = (JSON.parse(created.stdout) as { token: string }).token;
});
afterAll(async () => {
  await served.stop();
  await upstream.close();
  await rm(home, { recursive: true, force: true });
});

/** Sixty megabytes of numbers, with what they used at the end. */
function writeEmbeddings(write: (text: string) => void, end: () => void): void {
  const numbers = `${'0.123456789,'.repeat(87_381)}0`;
  write('{"object":"list","model":"text-embedding-3-small","data":[');
  let left = 60;
  const next = (): void => {
    if (left === 0) {
      write('0],"usage":{"prompt_tokens":5,"total_tokens":5}}');
      end();
      return;
    }
    left -= 1;
    write(`{"embedding":[${numbers}]},`);
    setImmediate(next);
  };
  next();
}

/** The most memory the engine has ever had resident, in bytes. */
async function peakBytes(): Promise<number> {
  const status = await readFile(`/proc/${served.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

test('an upload of 20 MB goes through byte for byte, and ten of them do not add up in memory', async () => {
  const body = formBody([
    ['model', 'whisper-1'],
    ['file', 'long.wav', wavFile((20 * MIB) / 16_000)],
  ]);
  const upload = () =>
    fetch(`${served.baseUrl}/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': FORM_CONTENT_TYPE },
      body,
    });
  const before = await peakBytes();
  for (let times = 0; times < 10; times += 1) {
    const answer = await upload();
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(TRANSCRIPT);
    expect(receivedHash).toBe(createHash('sha256').update(body).digest('hex'));
  }
  // The pieces of some bodies, which the collector has not come to yet; ten kept ones would be twice that.
  expect((await peakBytes()) - before).toBeLessThan(320 * MIB);
});

test('an answer of 60 MB passes without being kept, and its usage at the end is read', async () => {
  const before = await peakBytes();
  const answer = await fetch(`${served.baseUrl}/embeddings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'text-embedding-3-small', input: 'hi' }),
  });
  let bytes = 0;
  for await (const chunk of answer.body ?? []) bytes += (chunk as Uint8Array).length;
  expect(bytes).toBeGreaterThan(60 * MIB);
  expect((await peakBytes()) - before).toBeLessThan(60 * MIB);
  const { stdout } = await runTollgate(['requests', '--json'], { home });
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const row = rows.find(({ endpoint }) => endpoint === '/v1/embeddings');
  expect(row).toMatchObject({ outcome: 'settled', inputTokens: 5, costNanoUsd: 100 });
});
