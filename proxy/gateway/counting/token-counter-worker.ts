/** The thread that counts tokens; an encoding is loaded when it is first asked for. */
import { flushCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { type CountTokens, countText } from './count-text.ts';
import type { Encoding } from './encodings.ts';
import type { CountCall, CountReply } from './token-counter.ts';

const port = parentPort;
if (!port) throw new Error('tokens are counted in a worker thread');

/** Names of special tokens in a text are text to OpenAI, and must not throw here. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };
const loaded = new Map<Encoding, CountTokens>();

async function counterOf(encoding: Encoding): Promise<CountTokens> {
  const known = loaded.get(encoding);
  if (known) return known;
  const { countTokens } =
    encoding === 'o200k_base'
      ? await import('gpt-tokenizer/encoding/o200k_base')
      : await import('gpt-tokenizer/encoding/cl100k_base');
  flushCompileCache();
  const count: CountTokens = (text) => countTokens(text, AS_TEXT);
  loaded.set(encoding, count);
  return count;
}

async function count({ encoding, pieces }: CountCall): Promise<number | null> {
  try {
    const countTokens = await counterOf(encoding);
    const texts = pieces.map((piece) => Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString());
    return texts.reduce((sum, text) => sum + countText(text, countTokens), 0);
  } catch {
    // Whatever the encoder does not take is bounded by its bytes instead.
    return null;
  }
}

let last: Promise<void> = Promise.resolve();
port.on('message', (call: CountCall) => {
  last = last.then(async () =>
    port.postMessage({ id: call.id, tokens: await count(call) } satisfies CountReply),
  );
});
