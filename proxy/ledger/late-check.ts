import { Reports } from './reports.ts';

/** A start has more urgent work for the disk than reading gigabytes. */
const DELAY_MS = 60_000;

/** Calls the check off; resolves when its thread has ended. */
export type CancelCheck = () => Promise<void>;

/**
 * Reads through a ledger that was too large to be checked before the start, in a thread of its own so
 * that reports need not wait for it. `onDamage` is called with what is broken; nothing when all is well.
 */
export function checkLater(
  dbPath: string,
  onDamage: (problem: string) => void,
  delayMs = DELAY_MS,
): CancelCheck {
  const reports = new Reports(dbPath);
  const check = async (): Promise<void> => {
    // A check that was called off, or that cannot read just now, has found nothing.
    const problem = await reports.query('quickCheck').catch(() => 'ok');
    await reports.close();
    if (problem !== 'ok') onDamage(problem);
  };
  const timer = setTimeout(() => void check(), delayMs);
  timer.unref();
  return () => {
    clearTimeout(timer);
    return reports.close();
  };
}
