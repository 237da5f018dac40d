import { dirname } from 'node:path';
import { shell } from 'electron';

/** Shows the folder of the log files. Resolves to whether that was possible. */
export async function openLogsFolder(logPath: string): Promise<boolean> {
  const problem = await shell.openPath(dirname(logPath));
  return problem === '';
}
