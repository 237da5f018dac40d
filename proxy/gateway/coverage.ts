import type { CoverageRow } from '../contract/coverage.ts';
import type { MeterKind, Route, RouteAccess } from './route.ts';
import { FAMILIES } from './route-table.ts';
import { ROUTES } from './routes.ts';

const METERS: Readonly<Record<MeterKind, string>> = {
  batch: 'held at what its uploaded file may cost; settled from its output file when it has ended',
  chat: 'usage of the answer; for streams it is asked for and taken out again',
  compact: 'usage of the answer',
  completions: 'usage of the answer; for streams it is asked for and taken out again',
  container: 'a session by its memory',
  decisions: 'usage of the answer; OpenAI publishes no price for it, so not under a USD limit',
  embeddings: 'usage of the answer',
  images: 'usage of the answer, else by number, size and quality',
  realtime: 'usage of each response and each transcription, held one by one',
  responses:
    'usage of the answer or of the last event, hosted tools included; background responses are polled',
  search: 'a fee for each query',
  speech: 'usage of the last event, else by characters',
  transcription: 'usage of the answer, else by the length of the audio',
  translation: 'usage of the answer, else by the length of the audio',
};

/** What happens to every route that Tollgate knows, from the table that requests are matched by. */
export function coverageTable(): CoverageRow[] {
  const routes = ROUTES.map((route): CoverageRow => {
    const { access, endpoint, method, isSocket, optIn } = route;
    return {
      method: isSocket ? 'WS' : method,
      path: endpoint,
      how: access.kind,
      optIn: optIn ?? null,
      note: noteOf(access, route),
    };
  });
  const families = FAMILIES.map(
    ([prefix, access]): CoverageRow => ({
      method: null,
      path: `/v1${prefix}`,
      how: access.kind,
      optIn: access.kind === 'unmetered' ? 'unknown-routes' : null,
      note: noteOf(access),
    }),
  );
  return [...routes, ...families];
}

function noteOf(access: RouteAccess, route?: Route): string {
  if (access.kind === 'metered') return METERS[access.meter];
  if (access.kind !== 'free') return access.why;
  return route?.lists ? 'without what other apps have made' : '';
}
