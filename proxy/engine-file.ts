import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Who has the data folder: for the next one who wants it, and for people. Nothing secret. */
export interface EngineFile {
  readonly pid: number;
  readonly baseUrl: string | null;
  readonly startedAt: string;
  readonly version: string;
}

export function writeEngineFile(path: string, content: EngineFile): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** Null when there is none, or it cannot be understood. */
export function readEngineFile(path: string): EngineFile | null {
  try {
    const { pid, baseUrl, startedAt, version } = JSON.parse(
      readFileSync(path, 'utf8'),
    ) as Partial<EngineFile>;
    if (typeof pid !== 'number' || typeof startedAt !== 'string' || typeof version !== 'string') return null;
    return { pid, baseUrl: baseUrl ?? null, startedAt, version };
  } catch {
    return null;
  }
}
