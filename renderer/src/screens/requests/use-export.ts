import { notifications } from '@mantine/notifications';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ExportFormat } from '../../../../proxy/contract/request-words.ts';
import { control } from '../../api/client.ts';
import { describeError } from '../../api/errors.ts';
import { count } from '../../format/count.ts';
import { requestsText as text } from '../../text/requests.ts';
import { openExportFile } from './export-file.ts';
import { filterPieces } from './export-filter.ts';
import type { LogFilter } from './request-filter.ts';

export interface Export {
  /** Rows so far; null while nothing is exported. */
  readonly rows: number | null;
  start(format: ExportFormat): void;
  cancel(): void;
}

/** Writes everything that the filter finds into a file, however much it is; ends with the screen. */
export function useExport(filter: LogFilter): Export {
  const [rows, setRows] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (format: ExportFormat): Promise<void> => {
    if (running.current) return;
    const abort = new AbortController();
    running.current = abort;
    try {
      const file = await openExportFile(format);
      if (file === null) return;
      setRows(0);
      try {
        let written = 0;
        const wanted = filter.text === '' ? null : filterPieces(format, filter.text);
        const { signal } = abort;
        for await (const piece of await control.requests.export({ ...filter.engine, format }, { signal })) {
          signal.throwIfAborted();
          await file.write(wanted ? wanted.take(piece.text) : piece.text);
          written = wanted ? wanted.rows : piece.rows;
          setRows(written);
        }
        signal.throwIfAborted();
        await file.finish();
        notifications.show({ message: text.export.done(written, count(written), file.name) });
      } catch (error) {
        await file.abandon();
        throw error;
      }
    } catch (error) {
      if (abort.signal.aborted) notifications.show({ message: text.export.cancelled });
      else {
        const { what, next } = describeError(error);
        notifications.show({ color: 'red', title: `${text.export.failed}: ${what}`, message: next });
      }
    } finally {
      running.current = null;
      setRows(null);
    }
  };

  return {
    rows,
    start: (format) => void run(format),
    cancel: useCallback(() => running.current?.abort(), []),
  };
}

/** For the line that says how far it is. */
export function exportProgress(rows: number): string {
  return text.export.running(count(rows));
}
