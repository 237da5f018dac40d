import { connect } from 'node:net';
import OpenAI from 'openai';
import { onTestFinished } from 'vitest';
import type { PriceBookData, PriceRow } from '../../../proxy/contract/prices.ts';
import {
  openSimulatedOpenAi,
  type SimulatedOpenAi,
  type SimulatedOpenAiOptions,
} from '../../../proxy/demo/simulated-openai.ts';

export const KEY = 'sk-proj-0123456789abcdefghijABCD';

const row = (model: string, rates: PriceRow['rates'], more: Partial<PriceRow> = {}): PriceRow => ({
  model,
  rates,
  contextTokens: 128_000,
  maxOutputTokens: 16_384,
  source: 'test',
  asOf: '2026-11-23',
  ...more,
});

/** Rates are nano-dollars per million tokens: 2_500_000_000 is $2.50, or 2,500 nano-dollars a token. */
export const PRICES: PriceBookData = {
  asOf: '2026-11-23',
  tools: { webSearchCall: 10_000_000, fileSearchCall: 2_500_000, containerSession: 30_000_000 },
  models: [
    row('gpt-4o', { input: 2_500_000_000, cachedInput: 1_250_000_000, output: 10_000_000_000 }),
    row('gpt-4o-mini', { input: 150_000_000, cachedInput: 75_000_000, output: 600_000_000 }),
    row(
      'gpt-5.4',
      { input: 2_500_000_000, cachedInput: 250_000_000, output: 15_000_000_000 },
      {
        contextTokens: 1_050_000,
        maxOutputTokens: 128_000,
        longContext: { aboveInputTokens: 272_000, inputPermille: 2000, outputPermille: 1500 },
        tiers: { flex: [{ permille: 500 }], priority: [{ permille: 2000 }] },
      },
    ),
    row(
      'gpt-6.2-sol',
      {
        input: 2_000_000_000,
        cachedInput: 100_000_000,
        cacheWrite30m: 2_500_000_000,
        cacheWrite12h: 5_000_000_000,
        output: 10_000_000_000,
      },
      { tiers: { ultrafast: [{ permille: 3000 }, { from: '2027-03-01', permille: 6000 }] } },
    ),
    row('gpt-audio-1.5', {
      input: 2_500_000_000,
      output: 10_000_000_000,
      audioInput: 32_000_000_000,
      audioOutput: 64_000_000_000,
    }),
    row('gpt-3.5-turbo-instruct', { input: 1_500_000_000, output: 2_000_000_000 }, { contextTokens: 4096 }),
    row('text-embedding-3-small', { input: 20_000_000 }, { contextTokens: 8192, maxOutputTokens: 0 }),
    row('gpt-image-2', {
      input: 5_000_000_000,
      imageInput: 8_000_000_000,
      output: 30_000_000_000,
      imageOutput: 30_000_000_000,
    }),
    row('dall-e-3', { images: { '1024x1024/standard': 40_000_000, '1024x1024/hd': 80_000_000 } }),
    row('gpt-4o-mini-tts', { input: 600_000_000, output: 12_000_000_000 }, { contextTokens: 2000 }),
    row('tts-1', { characters: 15_000_000_000 }),
    row('gpt-4o-transcribe', {
      input: 2_500_000_000,
      audioInput: 6_000_000_000,
      output: 10_000_000_000,
    }),
    row('whisper-1', { minute: 6_000_000 }),
    row(
      'gpt-realtime-2',
      {
        input: 4_000_000_000,
        cachedInput: 400_000_000,
        output: 24_000_000_000,
        audioInput: 32_000_000_000,
        cachedAudioInput: 500_000_000,
        audioOutput: 64_000_000_000,
        imageInput: 5_000_000_000,
        cachedImageInput: 600_000_000,
      },
      { contextTokens: 32_000, maxOutputTokens: 4096 },
    ),
    row('gpt-live-1', { minute: 50_000_000 }),
  ],
};

/** Opens a simulation as fast as possible, and closes it with the test. */
export async function openSimulation(
  options: Partial<SimulatedOpenAiOptions> = {},
): Promise<SimulatedOpenAi & { client: OpenAI }> {
  const simulation = await openSimulatedOpenAi({ key: KEY, prices: PRICES, tokensPerSecond: 0, ...options });
  onTestFinished(() => simulation.close());
  const client = new OpenAI({ apiKey: KEY, baseURL: simulation.baseUrl, maxRetries: 0 });
  return Object.assign(simulation, { client });
}

export interface RawAnswer {
  /** Everything that arrived, status line included. */
  readonly text: string;
  /** `end`: the peer closed properly. `reset`: it did not. */
  readonly ended: 'end' | 'reset' | 'timeout';
}

/** Posts JSON on a bare socket and reads until the connection ends or falls silent. */
export function rawPost(baseUrl: string, path: string, body: unknown, silenceMs = 400): Promise<RawAnswer> {
  const { hostname, port, pathname } = new URL(baseUrl);
  const json = JSON.stringify(body);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    const finish = (ended: RawAnswer['ended']): void => {
      socket.destroy();
      resolve({ text: Buffer.concat(chunks).toString('utf8'), ended });
    };
    socket.setTimeout(silenceMs, () => finish('timeout'));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => finish('end'));
    socket.on('error', () => finish('reset'));
    socket.write(
      `POST ${pathname}${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${KEY}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
    );
  });
}

export function post(
  baseUrl: string,
  path: string,
  body: unknown,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...init,
  });
}

export interface ErrorBody {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

export async function errorOf(response: Response): Promise<ErrorBody> {
  return ((await response.json()) as { error: ErrorBody }).error;
}

/** The payloads of an event stream, in order; `[DONE]` as it is. */
export function eventData(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice('data: '.length));
}

export const CHAT = {
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Tell me about budgets.' }],
} as const;
