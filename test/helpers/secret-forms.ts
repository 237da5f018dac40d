import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CANARY_KEY } from './open-tollgate.ts';

const WINDOW = 12;
const STEP = 4;

/** Every stretch of the key beyond its prefix, in each encoding that something may have put it into. */
const FORMS: readonly Buffer[] = (() => {
  const forms = new Set<string>();
  for (const text of [CANARY_KEY, [...CANARY_KEY].reverse().join('')]) {
    for (let at = 0; at + WINDOW <= text.length; at += STEP) {
      const piece = text.slice(at, at + WINDOW);
      const bytes = Buffer.from(piece);
      const codes = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
      forms.add(piece);
      forms.add(bytes.toString('base64').slice(0, 16));
      forms.add(bytes.toString('base64url').slice(0, 16));
      forms.add(codes.join(''));
      forms.add(codes.join('').toUpperCase());
      forms.add(codes.map((code) => `%${code}`).join(''));
      forms.add(codes.map((code) => `\\u00${code}`).join(''));
      forms.add(bytes.join(','));
      forms.add(Buffer.from(piece, 'utf16le').toString('latin1'));
    }
  }
  return [...forms].map((form) => Buffer.from(form, 'latin1'));
})();

/** The stretches of the key that are in there. */
export const leaksIn = (content: Buffer | string): string[] => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return FORMS.filter((form) => bytes.includes(form)).map((form) => form.toString('latin1'));
};

/** The same for every file of a folder, each named. */
export async function leaksUnder(dir: string): Promise<string[]> {
  const files = await readdir(dir, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    for (const leak of leaksIn(await readFile(path))) found.push(`${path}: ${leak}`);
  }
  return found;
}

/** What other programs of the user can see of a process. Nothing to see but on Linux. */
export async function leaksInProcess(pid: number): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const files = await Promise.all(['environ', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`)));
  return files.flatMap(leaksIn);
}
