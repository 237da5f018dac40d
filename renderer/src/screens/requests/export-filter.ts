import type { ExportFormat } from '../../../../proxy/contract/request-words.ts';
import { hasText } from './request-filter.ts';

/** Takes pieces of an export and keeps the rows that hold a text. Rows stay as the engine wrote them. */
export interface PieceFilter {
  /** The part of the document to be written for a piece. */
  take(piece: string): string;
  readonly rows: number;
}

/**
 * The engine does not search for text, the page does: what is exported is what the page would show. Pieces
 * end where rows end.
 */
export function filterPieces(format: ExportFormat, text: string): PieceFilter {
  return format === 'csv' ? filterCsv(text) : filterLines(format, text);
}

/** JSON in which every row has a line of its own; the brackets and commas of a list are put anew. */
function filterLines(format: 'json' | 'ndjson', text: string): PieceFilter {
  let rows = 0;
  let isBegun = false;
  return {
    get rows() {
      return rows;
    },
    take(piece) {
      let out = '';
      if (format === 'json' && !isBegun) out = '[';
      isBegun = true;
      for (const line of piece.split('\n')) {
        const row = line.replace(/,$/, '');
        if (!row.startsWith('{')) continue;
        if (!hasText(JSON.parse(row) as Record<string, unknown>, text)) continue;
        out += format === 'json' ? `${rows === 0 ? '' : ','}\n${row}` : `${row}\n`;
        rows += 1;
      }
      return format === 'json' && piece.endsWith(']\n') ? `${out}\n]\n` : out;
    },
  };
}

function filterCsv(text: string): PieceFilter {
  let rows = 0;
  let names: readonly string[] | null = null;
  return {
    get rows() {
      return rows;
    },
    take(piece) {
      let out = '';
      for (const { record, cells } of readCsv(piece)) {
        if (names === null) {
          names = cells;
          out += record;
          continue;
        }
        const fields = Object.fromEntries(names.map((name, at) => [name, cells[at]]));
        if (!hasText(fields, text)) continue;
        out += record;
        rows += 1;
      }
      return out;
    },
  };
}

/** Records of RFC 4180 as they stand, and what is in their cells. */
function* readCsv(piece: string): Generator<{ readonly record: string; readonly cells: string[] }> {
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|$)/y;
  let start = 0;
  let cells: string[] = [];
  while (cell.lastIndex < piece.length) {
    const match = cell.exec(piece);
    if (!match) throw new Error('The export is not the CSV that it should be.');
    const [, value = '', end] = match;
    cells.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === ',') continue;
    yield { record: piece.slice(start, cell.lastIndex), cells };
    start = cell.lastIndex;
    cells = [];
  }
}
