import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Tollgate } from './open-tollgate.ts';

/** What the ledger has recorded for the user to know, read from outside the engine; the oldest first. */
export async function findingsOf(tollgate: Tollgate): Promise<{ finding: string; detail: string }[]> {
  // A report is made of what is on the disk.
  await tollgate.client.usage.report({ by: 'app' });
  const db = new DatabaseSync(join(tollgate.dataDir, 'ledger.db'), { readOnly: true });
  try {
    const rows = db.prepare('SELECT finding, detail FROM findings ORDER BY id').all();
    return rows.map(({ finding, detail }) => ({ finding: String(finding), detail: String(detail) }));
  } finally {
    db.close();
  }
}
