import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Why a test that needs programs cannot run here, or null when it can. */
export function whyMissing(...programs: readonly string[]): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  const missing = programs.filter((program) => !isInstalled(program));
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error) return false;
      throw error;
    }
  });
}
