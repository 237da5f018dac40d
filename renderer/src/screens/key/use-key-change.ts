import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeyCheckResult, KeyStatus } from '../../../../proxy/contract/keys.ts';
import { api, control } from '../../api/client.ts';
import { describeError } from '../../api/errors.ts';
import { keyText } from '../../text/key.ts';
import { lastCheck } from './last-check.ts';

const { change: text } = keyText;

/** Where storing or swapping a key stands. Nothing in it is a character of a key. */
export type KeyChange =
  | { readonly step: 'enter' }
  | { readonly step: 'checking' }
  | { readonly step: 'swapping'; readonly check: KeyCheckResult }
  | { readonly step: 'done'; readonly check: KeyCheckResult; readonly old: string | null }
  | { readonly step: 'failed'; readonly what: string; readonly next: string };

/**
 * Checks a key, then swaps it in. The key goes through plain calls and not through mutations, which would
 * remember what they were called with.
 */
export function useKeyChange(old: KeyStatus): readonly [KeyChange, (key: string) => void] {
  const queries = useQueryClient();
  const [change, setChange] = useState<KeyChange>({ step: 'enter' });
  const run = async (key: string): Promise<void> => {
    setChange({ step: 'checking' });
    try {
      const check = await control.keys.check({ key });
      const problem = problemOf(check);
      if (problem) {
        setChange({ step: 'failed', ...problem });
        return;
      }
      setChange({ step: 'swapping', check });
      const status = await control.keys.set({ key, verify: true });
      queries.setQueryData(api.keys.status.queryKey(), status);
      lastCheck.set({
        at: new Date().toISOString(),
        fingerprint: check.fingerprint,
        ok: true,
        message: keyText.testOk(check.models),
      });
      setChange({ step: 'done', check, old: old.fingerprint });
    } catch (error) {
      const { what, next } = describeError(error);
      setChange({ step: 'failed', what, next });
    }
  };
  return [change, (key) => void run(key)];
}

function problemOf({ verdict, problem, isCurrent }: KeyCheckResult): { what: string; next: string } | null {
  const why = problem ?? '';
  if (verdict === 'refused') return { what: text.refused(why), next: text.refusedNext };
  if (verdict === 'unreachable') return { what: text.unreachable(why), next: text.unreachableNext };
  return isCurrent ? { what: text.same, next: text.sameNext } : null;
}
