import { writeFile } from 'node:fs/promises';
import { renderControlApi } from './docs/render-control-api.ts';
import { renderControlApiPage } from './docs/render-control-api-page.ts';
import { renderCoverageDocs } from './docs/render-coverage-docs.ts';
import { renderErrorDocs } from './docs/render-error-docs.ts';

/* Writes the pages of docs/ that are built from tables of the source: `npm run docs:build`. */
const DOCS = new URL('../docs/', import.meta.url);

await writeFile(new URL('errors.md', DOCS), renderErrorDocs());
await writeFile(new URL('coverage.md', DOCS), renderCoverageDocs());
await writeFile(new URL('control-api.json', DOCS), await renderControlApi());
await writeFile(new URL('control-api.md', DOCS), await renderControlApiPage());
