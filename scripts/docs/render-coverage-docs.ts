import { FAMILIES, ROUTES, type RouteAccess } from '../../proxy/gateway/routes.ts';

const INTRO = `# Coverage

What happens to each route of OpenAI's API. This page is built from the route table, \`proxy/gateway/routes.ts\`, by
\`npm run docs:build\`, and a test keeps the two in step. Paths are matched byte for byte; what is in neither table is
unknown and answered with 404 \`route_unknown\`, never forwarded. A path of the first table with another method is
answered with 405, where \`HEAD\` counts as \`GET\`. WebSocket upgrades are answered with 426, and \`/healthz\` by Tollgate
itself.

## Routes that are forwarded

| Method | Path | How it is metered |
|---|---|---|
`;

const FAMILY_INTRO = `
## Families that are refused

Everything at or below these paths that is not in the table above: "always" with 403 \`endpoint_refused\`, "not in this
version" with 403 \`endpoint_not_allowed\`. The opt-ins of \`tollgate app set --allow\` are stored, but open none of them yet.

| Path | Refused | Why |
|---|---|---|
`;

const BODY_NOTES = `
## Options of forwarded routes that are refused

With 400 \`body_unsupported\`, because this version cannot put a bound on them: \`background: true\` and tools that run at
OpenAI (web search, file search, code interpreter, image generation, computer use, MCP). Function and custom tools, which
run in your program, are metered like any text; \`web_search_options\` of a chat is held at one search.
`;

const METERS: Readonly<Record<string, string>> = {
  chat: 'usage of the answer; for streams it is asked for and taken out again',
  completions: 'usage of the answer; for streams it is asked for and taken out again',
  responses: 'usage of the answer or of the last event',
  embeddings: 'usage of the answer',
  images: 'usage of the answer, else by number, size and quality',
  speech: 'usage of the last event, else by characters',
  transcription: 'usage of the answer, else by the length of the audio',
  translation: 'usage of the answer, else by the length of the audio',
};

/** The text of docs/coverage.md. */
export function renderCoverageDocs(): string {
  const routes = ROUTES.map(
    ({ method, endpoint, access }) => `| ${method} | \`${endpoint}\` | ${howMetered(access)} |\n`,
  );
  const families = FAMILIES.map(([prefix, access]) => {
    const why = 'why' in access ? access.why : '';
    const when = access.kind === 'refused' ? 'always' : 'not in this version';
    return `| \`/v1${prefix}\` | ${when} | ${why} |\n`;
  });
  return INTRO + routes.join('') + FAMILY_INTRO + families.join('') + BODY_NOTES;
}

function howMetered(access: RouteAccess): string {
  if (access.kind === 'free') return 'free at OpenAI';
  return access.kind === 'metered' ? (METERS[access.meter] ?? access.meter) : access.why;
}
