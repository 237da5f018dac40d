import { type OpenAI, toFile } from 'openai';
import type { Batch } from 'openai/resources/batches';
import { until } from './until.ts';

export type BatchEndpoint = Parameters<OpenAI['batches']['create']>[0]['endpoint'];

/** One line of a batch file. */
export function batchLine(customId: string, url: BatchEndpoint, body: object): string {
  return JSON.stringify({ custom_id: customId, method: 'POST', url, body });
}

/** Lines of chats that each say so many tokens. */
export function chatLines(tokens: readonly number[], more: object = {}): string[] {
  return tokens.map((count, index) =>
    batchLine(`line-${index}`, '/v1/chat/completions', {
      model: 'gpt-4o-mini',
      max_completion_tokens: count,
      messages: [{ role: 'user', content: `Write ${count} tokens` }],
      ...more,
    }),
  );
}

/** Uploads lines as the file of a batch; resolves to its id. */
export async function uploadLines(sdk: OpenAI, lines: readonly string[]): Promise<string> {
  const file = await toFile(Buffer.from(lines.join('\n')), 'lines.jsonl');
  return (await sdk.files.create({ file, purpose: 'batch' })).id;
}

/** Uploads lines and makes a batch of them. */
export async function startBatch(
  sdk: OpenAI,
  lines: readonly string[],
  endpoint: BatchEndpoint = '/v1/chat/completions',
): Promise<Batch> {
  const input_file_id = await uploadLines(sdk, lines);
  return sdk.batches.create({ input_file_id, endpoint, completion_window: '24h' });
}

export async function untilBatchIs(sdk: OpenAI, id: string, status: Batch['status']): Promise<Batch> {
  let batch = await sdk.batches.retrieve(id);
  await until(async () => {
    batch = await sdk.batches.retrieve(id);
    return batch.status === status;
  });
  return batch;
}
