import { readFileSync } from 'node:fs';

const MOST = 6_000;
/** What the ledger, the log, the control plane and the dashboard need to go on. */
const RESERVED_FILES = 100;
/** Two listeners share what is left, and a connection under way has a second one to OpenAI. */
const FILES_PER_CONNECTION = 4;

/**
 * How many connections a listener takes. Below what the system lets this process open, so that a flood
 * on the data plane cannot shut out whoever wants to stop it.
 */
export function connectionLimit(): number {
  const files = openFileLimit();
  if (files === null) return MOST;
  return Math.max(16, Math.min(MOST, Math.floor((files - RESERVED_FILES) / FILES_PER_CONNECTION)));
}

/** Null where the system does not say. */
function openFileLimit(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'));
    return found ? Number(found[1]) : null;
  } catch {
    return null;
  }
}
