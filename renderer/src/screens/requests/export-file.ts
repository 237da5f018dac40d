import type { ExportFormat } from '../../../../proxy/contract/request-words.ts';
import { isDesktop } from '../../api/session.ts';

/** Where an export goes to, piece by piece. */
export interface ExportFile {
  readonly name: string;
  write(text: string): Promise<void>;
  /** Done: the file is complete. */
  finish(): Promise<void>;
  /** Leaves nothing behind where that is possible. */
  abandon(): Promise<void>;
}

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
};
/** Text is handed to the browser in parts of this many characters, which it may keep on disk. */
const PART_CHARS = 8 * 1024 * 1024;

type SavePicker = (options: {
  readonly suggestedName: string;
  readonly types: readonly { readonly accept: Readonly<Record<string, readonly string[]>> }[];
}) => Promise<{ readonly name: string; createWritable(): Promise<FileSystemWritableFileStream> }>;

/**
 * A file of the user's choice that is written as pieces come, where the browser can do so; else one that is
 * downloaded at the end. Null when the user wants none. To be called from a click.
 */
export async function openExportFile(format: ExportFormat): Promise<ExportFile | null> {
  const name = `tollgate-requests-${new Date().toISOString().slice(0, 10)}.${format}`;
  const { showSaveFilePicker: pick } = window as { showSaveFilePicker?: SavePicker };
  // The desktop grants no page the right to write files; downloads of the page's own it takes.
  if (pick === undefined || isDesktop) return openDownload(name, TYPES[format]);
  try {
    const type = { accept: { [TYPES[format]]: [`.${format}`] } };
    const handle = await pick.call(window, { suggestedName: name, types: [type] });
    const stream = await handle.createWritable();
    return {
      name: handle.name,
      write: (text) => stream.write(text),
      finish: () => stream.close(),
      abandon: () => stream.abort(),
    };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    return openDownload(name, TYPES[format]);
  }
}

function openDownload(name: string, type: string): ExportFile {
  let parts: Blob[] = [];
  let text = '';
  return {
    name,
    async write(piece) {
      text += piece;
      if (text.length < PART_CHARS) return;
      parts.push(new Blob([text]));
      text = '';
    },
    async finish() {
      const url = URL.createObjectURL(new Blob([...parts, text], { type }));
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      // The download has the data by then.
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    },
    async abandon() {
      parts = [];
      text = '';
    },
  };
}
