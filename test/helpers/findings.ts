import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Tollgate } from './open-tollgate.ts';

/** What the ledger has recorded for the user to know, read from outside the engine; the oldest first. */
export async function findingsOf(tollgate: Tollgate): Promise<{ finding: string; detail: string }[]> {
  // A report is made of what is on the disk.
  await tollgate.client.usage.report({ by: 'app' });
  // The engine's own SQLite: a second one in this process would drop the locks of the first when it closes.
  const db = new Database(join(tollgate.dataDir, 'ledger.db'), { readonly: true });
  try {
    return db
      .prepare<[], { finding: string; detail: string }>('SELECT finding, detail FROM findings ORDER BY id')
      .all();
  } finally {
    db.close();
  }
}
