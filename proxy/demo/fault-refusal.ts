import type { Fault } from './faults.ts';

/** An answer that a fault gives instead of the route; nothing runs. */
export interface FaultRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The first refusal among the faults, or null where the request goes through. */
export function faultRefusal(faults: readonly Fault[]): FaultRefusal | null {
  for (const fault of faults) {
    const refusal = refusalOf(fault);
    if (refusal) return refusal;
  }
  return null;
}

function refusalOf(fault: Fault): FaultRefusal | null {
  switch (fault.kind) {
    case 'status':
      return { status: fault.status, headers: fault.headers ?? {}, body: textOf(fault.body) };
    case 'socket-refuse':
      return { status: fault.status, headers: {}, body: textOf(fault.body) };
    case 'rate-limit': {
      const seconds = fault.retryAfterSeconds ?? 1;
      const headers = { 'retry-after': String(Math.ceil(seconds)), 'retry-after-ms': String(seconds * 1000) };
      const message =
        'Rate limit reached for requests. Please try again later. Visit https://platform.openai.com/account/rate-limits to learn more.';
      return refusal(429, message, 'requests', 'rate_limit_exceeded', headers);
    }
    case 'insufficient-quota':
      return refusal(
        429,
        'You exceeded your current quota, please check your plan and billing details.',
        'insufficient_quota',
        'insufficient_quota',
      );
    case 'server-error':
      return refusal(
        500,
        'The server had an error while processing your request. Sorry about that!',
        'server_error',
        null,
      );
    case 'overloaded':
      return refusal(
        503,
        'The engine is currently overloaded, please try again later.',
        'server_error',
        'server_is_overloaded',
      );
    case 'redirect':
      return { status: fault.status ?? 302, headers: { location: fault.location }, body: '' };
    default:
      return null;
  }
}

function textOf(given: unknown): string {
  const body = given ?? { error: { message: 'Injected.', type: 'server_error', param: null, code: null } };
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function refusal(
  status: number,
  message: string,
  type: string,
  code: string | null,
  headers: Readonly<Record<string, string>> = {},
): FaultRefusal {
  return { status, headers, body: JSON.stringify({ error: { message, type, param: null, code } }) };
}
