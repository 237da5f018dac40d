import type { AlertKind, AlertSeverity } from '../contract/alert-words.ts';
import { type AlertDraft, plainText } from './alert-draft.ts';
import type { FindingRecord } from './finding-log.ts';

interface Words {
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly title: (app: string) => string;
  readonly next: string;
}

const WORDS: Readonly<Record<string, Words>> = {
  real_key_received: {
    kind: 'real-key',
    severity: 'critical',
    title: () => 'A real OpenAI key was sent to the local proxy',
    next: 'It was refused. Replace the key in that program by an app token.',
  },
  unknown_token: {
    kind: 'unknown-token',
    severity: 'warning',
    title: () => 'An unknown app token was used',
    next: 'It was refused. A program may still have a token that was revoked.',
  },
  peer_refused: {
    kind: 'peer-refused',
    severity: 'critical',
    title: () => 'Another user of this machine has tried to connect',
    next: 'The connection was refused.',
  },
  overage: {
    kind: 'overage',
    severity: 'critical',
    title: (app) => `A request of ${app} cost more than was held for it`,
    next: 'It is booked in full, and its windows refuse from now on.',
  },
  usage_missing: {
    kind: 'usage-problem',
    severity: 'warning',
    title: (app) => `An answer for ${app} came without usage`,
    next: 'It was charged at its bound.',
  },
  usage_bad: {
    kind: 'usage-problem',
    severity: 'warning',
    title: (app) => `An answer for ${app} had a usage that cannot be true`,
    next: 'It was charged at its bound, or at the dearest rates.',
  },
  ledger_damaged: {
    kind: 'ledger',
    severity: 'critical',
    title: () => 'The ledger is damaged',
    next: 'Restore a backup of the data folder.',
  },
  ledger_recounted: {
    kind: 'ledger',
    severity: 'warning',
    title: () => 'The totals of the ledger were counted again',
    next: 'They did not add up; caps go by the new ones.',
  },
  ledger_log_lost: {
    kind: 'ledger',
    severity: 'critical',
    title: () => 'The newest part of the ledger is gone',
    next: 'What was spent last may be missing from the caps.',
  },
};

/** The alert for a finding; null for what is told in another way, as a rejected key is by its state. */
export function alertOfFinding(finding: FindingRecord, appName: string | null): AlertDraft | null {
  const words = WORDS[finding.finding];
  if (!words) return null;
  return {
    kind: words.kind,
    severity: words.severity,
    appNum: finding.appNum,
    title: words.title(appName ?? 'an app'),
    detail: `${plainText(finding.detail, 200)}. ${words.next}`,
    about: finding.finding,
  };
}
