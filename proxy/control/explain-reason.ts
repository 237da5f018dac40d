import { ERRORS, type ErrorCode, isErrorCode } from '../contract/errors.ts';

export interface Explanation {
  readonly message: string;
  readonly hint: string;
}

/** Why an outcome is not plain, where that is no error. */
const REASONS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  interrupted: [
    'The engine ended while this request was under way.',
    'OpenAI may have billed it, so it was charged at the most it could cost.',
  ],
  usage_missing: ['The answer told no usage.', 'It was charged at the most it could cost.'],
  usage_bad: ['The answer told a usage that cannot be true.', 'It was charged at the most it could cost.'],
  never_ended: ['OpenAI never told the end of this work.', 'It was charged at the most it could cost.'],
  upstream_redirect: ['OpenAI answered with a redirect.', 'It was not followed.'],
  client_gone: [
    'The client left before the end of the stream.',
    'The stream was cut, and charged for what can have been produced until then.',
  ],
  priced_by_rule: [
    'The answer tells no usage; the cost follows from the request.',
    'Nothing needs to be done.',
  ],
  price_unknown: [
    'The answer used something that this model has no price for.',
    'It was charged at the dearest known rates. Set a price for the model.',
  ],
  image_model_unknown: ['Nobody named the model of its pictures.', 'They were priced like the dearest.'],
  container_size_unknown: [
    'It ran in a container whose size Tollgate has not seen.',
    'The largest size was charged.',
  ],
  object_missing: ['OpenAI does not know this work any more.', 'It was charged at the most it could cost.'],
  object_gone: [
    'It was deleted before its end was told.',
    'It was charged for what can have run until then.',
  ],
  never_sent: ['It ended before anything was sent to OpenAI.', 'It cost nothing.'],
  never_used: ['What was held for was not used.', 'It cost nothing.'],
  upstream_refused: ['OpenAI refused the request.', 'It cost nothing; the client was told why.'],
  batch_failed: [
    'OpenAI did not run the batch.',
    'It cost nothing; its errors are in the dashboard of OpenAI.',
  ],
  batch_without_answers: ['No line of the batch was answered.', 'It cost nothing.'],
  unmetered: ['The route is passed on unmetered.', 'Its cost is unknown.'],
};

/** Errors whose message is all slot: what stood in it was told to the client alone. */
const REFUSED: Partial<Record<ErrorCode, string>> = {
  quota_exceeded: 'A limit would have been exceeded.',
  rate_limited: 'The app asked more often than it may.',
  concurrency_limited: 'Too many requests were under way at once.',
};

/** Why a request ended as it did, for people; null where there is nothing to explain. `known` fills slots. */
export function explainReason(
  reason: string | null,
  known: Readonly<Record<string, string>>,
): Explanation | null {
  if (reason === null) return null;
  if (isErrorCode(reason)) {
    const { message, hint } = ERRORS[reason];
    return { message: REFUSED[reason] ?? filled(message, known), hint: filled(hint, known) };
  }
  const [message, hint] = REASONS[reason] ?? [];
  return message === undefined || hint === undefined ? null : { message, hint };
}

/** A slot whose content nobody has kept is left out, with what leads to it. */
function filled(text: string, known: Readonly<Record<string, string>>): string {
  return text
    .replace(/\{(\w+)\}/g, (slot, name: string) => known[name] || slot)
    .replace(/\s*[:(]?\s*[`"]?\{\w+\}[`"]?\)?/g, ' …');
}
