import type { Agent } from 'undici';
import type { WebhookView } from '../contract/alerts.ts';
import { problemOf } from '../contract/errors.ts';
import type { AlertPort, KeptAlert } from './alert-desk.ts';
import { lookUpSomewhere, maskWebhook } from './webhook-address.ts';
import { webhookMessage } from './webhook-message.ts';

const TIMEOUT_MS = 10_000;
/** Waits before another try. After the last one the alert is given up; the history has it. */
const RETRY_AFTER_MS: readonly number[] = [1_000, 5_000, 30_000, 120_000, 600_000];
const MAX_WAITING = 100;

export interface WebhookOptions {
  /** Null while none is set. */
  readonly url: URL | null;
  readonly now: () => number;
  /** Waits before another try; a test takes shorter ones. */
  readonly retryAfterMs?: readonly number[];
  readonly onProblem: (problem: string) => void;
}

type LastDelivery = NonNullable<WebhookView['last']>;

/**
 * Posts alerts to an address of the user's, one at a time and in order, and tries again when that fails.
 * No proxy of the environment, no redirects; the address stands in no log and no answer.
 */
export class Webhook implements AlertPort {
  readonly #options: WebhookOptions;
  readonly #retryAfterMs: readonly number[];
  #url: URL | null;
  #waiting: string[] = [];
  #sending = false;
  #last: LastDelivery | null = null;
  #agent: Agent | null = null;
  #wake: (() => void) | null = null;
  #closed = false;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#url = options.url;
    this.#retryAfterMs = options.retryAfterMs ?? RETRY_AFTER_MS;
  }

  get view(): WebhookView {
    return {
      address: this.#url && maskWebhook(this.#url),
      last: this.#last,
      waiting: this.#waiting.length + (this.#sending ? 1 : 0),
    };
  }

  get isSet(): boolean {
    return this.#url !== null;
  }

  /** Another address, or null for none. What waits for the one before is dropped. */
  use(url: URL | null): void {
    this.#url = url;
    this.#last = null;
    this.#waiting = [];
    this.#wake?.();
  }

  deliver(alert: KeptAlert): void {
    if (this.#url === null || this.#closed || this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push(webhookMessage(alert));
    void this.#send();
  }

  /** Posts one message now, without another try. */
  async test(alert: KeptAlert): Promise<LastDelivery> {
    const delivery = await this.#post(webhookMessage(alert), 1);
    this.#last = delivery;
    return delivery;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting = [];
    this.#wake?.();
    await this.#agent?.destroy();
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let next = this.#waiting.shift(); next && !this.#closed; next = this.#waiting.shift()) {
        await this.#untilDelivered(next);
      }
    } finally {
      this.#sending = false;
    }
  }

  async #untilDelivered(body: string): Promise<void> {
    const url = this.#url;
    for (let tries = 1; url !== null && url === this.#url && !this.#closed; tries += 1) {
      const delivery = await this.#post(body, tries);
      this.#last = delivery;
      const waitMs = this.#retryAfterMs[tries - 1];
      if (delivery.delivered || waitMs === undefined) {
        if (!delivery.delivered) this.#options.onProblem(delivery.problem ?? 'it was not taken');
        return;
      }
      await this.#sleep(waitMs);
    }
  }

  async #post(body: string, tries: number): Promise<LastDelivery> {
    const url = this.#url;
    const at = new Date(this.#options.now()).toISOString();
    if (url === null) return { at, delivered: false, status: null, problem: 'no address is set', tries };
    try {
      const { Agent, request } = await import('undici');
      this.#agent ??= new Agent({ connect: { timeout: TIMEOUT_MS, lookup: lookUpSomewhere } });
      const { statusCode, body: answer } = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'tollgate' },
        body,
        dispatcher: this.#agent,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        signal: AbortSignal.timeout(TIMEOUT_MS * 2),
      });
      await answer.dump();
      const delivered = statusCode >= 200 && statusCode < 300;
      const problem = delivered ? null : `it answered ${statusCode}`;
      return { at, delivered, status: statusCode, problem, tries };
    } catch (error) {
      return { at, delivered: false, status: null, problem: this.#problem(error), tries };
    }
  }

  /** In words that do not hold the address. */
  #problem(error: unknown): string {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string') return code;
    return error instanceof Error && error.name === 'TimeoutError'
      ? 'no answer in time'
      : nameless(error, this.#url);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function nameless(error: unknown, url: URL | null): string {
  const text = problemOf(error);
  if (url === null) return text;
  return [url.href, url.pathname + url.search].reduce((left, part) => left.replaceAll(part, '…'), text);
}
