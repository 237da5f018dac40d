import type { KeyRing } from '../keys/key-ring.ts';
import type { KeyLease } from '../keys/key-slot.ts';
import { type Refusal, refuse } from './refusal.ts';

/** The key for one request or socket; while there is none in memory, the store is asked again. */
export function leaseKey(keys: KeyRing): KeyLease | Promise<KeyLease | Refusal> {
  return keys.lease() ?? leaseLater(keys);
}

/** Reads the store again, as often as it allows. */
async function leaseLater(keys: KeyRing): Promise<KeyLease | Refusal> {
  const authorization = await keys.recover();
  if (!authorization.ok) return refuse(authorization.code, { problem: authorization.problem });
  return keys.lease() ?? refuse('key_unavailable', { problem: 'it was removed' });
}
