import { chmodSync, existsSync, renameSync, statSync } from 'node:fs';
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { problemOf } from './contract/errors.ts';

export type { Logger };

const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** Anything that looks like a key or an app token, in whatever text it stands. */
const SECRET = /\b(sk-[A-Za-z0-9_-]{4,}|tg_[A-Za-z0-9_-]{20,}|Bearer\s+[A-Za-z0-9_.~+/=-]{8,})/g;

/**
 * Opens the engine's log: one JSON object a line, rotated once at start. Every line passes a filter that
 * takes keys and tokens out, whoever put them in. `flushSync` before the process ends.
 */
export function openLog(logPath: string, level: string): { logger: Logger; flush(): void } {
  if (existsSync(logPath) && statSync(logPath).size > MAX_LOG_BYTES) renameSync(logPath, `${logPath}.1`);
  const file = destination({ dest: logPath, sync: true, append: true });
  chmodSync(logPath, 0o600);
  // A full disk must not end requests through their log; there is nowhere else to write it but here.
  let isTold = false;
  file.on('error', (error: Error) => {
    if (!isTold) process.stderr.write(`tollgate: the log cannot be written: ${problemOf(error)}\n`);
    isTold = true;
  });
  const filtered: DestinationStream = {
    write(line: string) {
      file.write(line.replace(SECRET, '[removed]'));
    },
  };
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, filtered);
  return { logger, flush: () => file.flushSync() };
}

/** For runs that keep no log. */
export function silentLog(): { logger: Logger; flush(): void } {
  return { logger: pino({ level: 'silent' }), flush: () => undefined };
}
