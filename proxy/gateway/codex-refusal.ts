import type { IncomingHttpHeaders } from 'node:http';

/**
 * The Codex CLI shows a text of its own for `insufficient_quota`, "Quota exceeded. Check your plan and
 * billing details.", and drops ours: the user would look for the limit at OpenAI. For `usage_limit_reached`,
 * the type by which OpenAI tells it that a plan is used up, it shows the message of a header and the time of
 * the reset instead, and asks no more either. Seen with 0.169.0; test/clients holds it to that.
 */
export interface CodexQuotaRefusal {
  readonly type: string;
  /** Unix time in seconds; absent where the limit does not reset. */
  readonly resetsAt: number | null;
  readonly headers: readonly string[];
}

/** Whether the CLI or one of its editor extensions asks: `codex_exec`, `codex_cli_rs`, `codex_vscode`. */
export function isCodex(headers: IncomingHttpHeaders): boolean {
  const { originator } = headers;
  return typeof originator === 'string' && /^codex([_-]|$)/i.test(originator);
}

/** How a used-up limit is put for Codex; `resetsAtMs` is null for a limit that does not reset. */
export function quotaRefusalForCodex(message: string, resetsAtMs: number | null): CodexQuotaRefusal {
  return {
    type: 'usage_limit_reached',
    resetsAt: resetsAtMs === null ? null : Math.ceil(resetsAtMs / 1000),
    headers: ['x-codex-promo-message', asHeaderInSentence(message)],
  };
}

/** Codex goes on after it: ", or try again at 9:26 AM." */
function asHeaderInSentence(message: string): string {
  return message.replace(/[^\x20-\x7e]/g, '?').replace(/\.$/, '');
}
