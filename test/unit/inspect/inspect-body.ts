import { DEFAULT_POLICY } from '../../../proxy/contract/app-policy.ts';
import type { AppPolicy } from '../../../proxy/contract/apps.ts';
import type { PriceBookData } from '../../../proxy/contract/prices.ts';
import {
  boundRequest,
  NO_SURROUNDINGS,
  priceRowFor,
  type Surroundings,
} from '../../../proxy/gateway/bound-request.ts';
import { inspecting } from '../../../proxy/gateway/inspect/fields.ts';
import type { RequestFacts } from '../../../proxy/gateway/inspect/request-facts.ts';
import { isRefusal, type Refusal } from '../../../proxy/gateway/refusal.ts';
import { type JsonDocument, parseStrictJson } from '../../../proxy/gateway/strict-json.ts';
import priceBook from '../../../proxy/pricing/price-book.json' with { type: 'json' };
import { PriceBook } from '../../../proxy/pricing/price-book.ts';

export const book = new PriceBook(priceBook as PriceBookData);
export const TODAY = '2026-11-24';

type Inspect = (document: JsonDocument, bodyBytes: number) => RequestFacts;

export async function inspect(reader: Inspect, body: object | string): Promise<RequestFacts | Refusal> {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const result = await parseStrictJson(bytes);
  if (!result.ok) throw new Error(result.problem);
  return inspecting(() => reader(result.document, bytes.length));
}

export async function factsOf(reader: Inspect, body: object | string): Promise<RequestFacts> {
  const facts = await inspect(reader, body);
  if (isRefusal(facts)) throw new Error(`it was refused: ${JSON.stringify(facts.details)}`);
  return facts;
}

/** The refusal's code and the field or problem it names; null where the request is taken. */
export async function refusalOf(reader: Inspect, body: object | string): Promise<string | null> {
  const facts = await inspect(reader, body);
  if (!isRefusal(facts)) return null;
  return `${facts.code}: ${facts.extras.param ?? facts.details['problem']}`;
}

/** What is held for a request: tokens, and the cost in nano-dollars. */
export function boundOf(
  facts: RequestFacts,
  policy: Partial<AppPolicy> = {},
  around: Partial<Surroundings> = {},
) {
  const merged = { ...DEFAULT_POLICY, ...policy };
  const row = priceRowFor(book, facts.model, merged);
  const { bound, policyMaxOutput } = boundRequest(facts, row, book, merged, TODAY, {
    ...NO_SURROUNDINGS,
    ...around,
  });
  const { inputTokens, outputTokens, choices, canShorten } = bound;
  const nanoUsd = bound.costNanoUsd(outputTokens);
  return { inputTokens, outputTokens, choices, canShorten, nanoUsd, policyMaxOutput };
}
