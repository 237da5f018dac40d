import type { CoverageRow } from '../../proxy/contract/coverage.ts';
import { coverageTable } from '../../proxy/gateway/coverage.ts';

const INTRO = `# Coverage

What happens to each route of OpenAI's API. This page is built from the route table, \`proxy/gateway/route-table.ts\`, by
\`npm run docs:build\`, and tests keep it in step with the table and with OpenAI's list of paths. Paths are matched byte
for byte. A path with another method is answered with 405, where \`HEAD\` counts as \`GET\`; \`WS\` is a WebSocket.
\`/healthz\` is answered by Tollgate itself.

- **metered**: the most it can cost is held before it is sent, what it did cost is booked after.
- **free**: OpenAI bills nothing for it.
- **unmetered**: it passes only where no USD limit applies; its cost is recorded as unknown.
- **refused**: never forwarded, whatever an app is allowed.

"Needs" names what \`tollgate app set NAME --allow …\` has to allow first. Ids of objects at OpenAI (responses,
conversations, stored chats, files, uploads, batches, vector stores, containers) belong to the app that made them, in
paths and in bodies; to any other app they do not exist (404 \`object_unknown\`). What was made outside Tollgate,
stored prompts included, needs \`foreign-ids\`. Lists leave out what other apps have made.

## Routes

| Method | Path | | Needs | |
|---|---|---|---|---|
`;

const FAMILY_INTRO = `
## Families

Everything at or below these paths that is not in the table above. Whatever is in neither table is unknown and answered
with 404 \`route_unknown\`, unless the app was allowed \`unknown-routes\`.

| Path | | Needs | Why |
|---|---|---|---|
`;

const BODY_NOTES = `
## Options that need a bound

A request that no bound covers is refused with 400 \`body_unsupported\` where a limit of dollars or tokens applies to it,
and passes where none does: the tools \`mcp\`, hosted \`tool_search\` and \`programmatic_tool_calling\`, \`multi_agent\`, and
hosted tools in chat completions. Web search, file search, the code interpreter, hosted shells and image generation are
held at their fees, and at what the model may read anew after each call; a request that names no \`max_tool_calls\` gets
the largest that half of what is free pays for (header \`x-tollgate-max-tool-calls\`).
`;

/** The text of docs/coverage.md. */
export function renderCoverageDocs(): string {
  const rows = coverageTable();
  const needs = ({ optIn }: CoverageRow): string => (optIn === null ? '' : `\`${optIn}\``);
  const routes = rows
    .filter(({ method }) => method !== null)
    .map((row) => `| ${row.method} | \`${row.path}\` | ${row.how} | ${needs(row)} | ${row.note} |\n`);
  const families = rows
    .filter(({ method }) => method === null)
    .map((row) => `| \`${row.path}\` | ${row.how} | ${needs(row)} | ${row.note} |\n`);
  return INTRO + routes.join('') + FAMILY_INTRO + families.join('') + BODY_NOTES;
}
