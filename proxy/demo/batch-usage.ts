import { isObject, type Json } from './request-fields.ts';

export interface BatchUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

/** The usages of all lines in the shape of responses, whatever the endpoint calls them. */
export function sumUsages(usages: readonly unknown[]): BatchUsage {
  const blocks = usages.filter(isObject);
  const sum = (pick: (block: Json) => unknown): number =>
    blocks.reduce((total, block) => total + count(pick(block)), 0);
  const inputTokens = sum((block) => block['input_tokens'] ?? block['prompt_tokens']);
  const outputTokens = sum((block) => block['output_tokens'] ?? block['completion_tokens']);
  return {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: sum(
        (block) => detail(block, 'input_tokens_details', 'prompt_tokens_details')['cached_tokens'],
      ),
    },
    output_tokens: outputTokens,
    output_tokens_details: {
      reasoning_tokens: sum(
        (block) => detail(block, 'output_tokens_details', 'completion_tokens_details')['reasoning_tokens'],
      ),
    },
    total_tokens: inputTokens + outputTokens,
  };
}

function detail(block: Json, name: string, chatName: string): Json {
  const details = block[name] ?? block[chatName];
  return isObject(details) ? details : {};
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
