import { renderControlApi } from './render-control-api.ts';

const INTRO = `# Control API

What the command line, the desktop and the dashboard do, a script can do as well. The list below is built from
\`proxy/contract/\` by \`npm run docs:build\`; [control-api.json](control-api.json) is the same as OpenAPI 3.1 with every
field, unit and error.

Every call is a \`POST\` of a JSON object to \`/api/v1/GROUP/CALL\`, also those that only read: no link, image or form of a
web page can make one. An error is \`{"code", "message", "data": {"hint", "details"}}\` with a code of [errors](errors.md).
Money is in nano-dollars (10⁻⁹), instants are ISO 8601. New fields may be added; unknown ones are to be ignored.

## Doors

**The control socket** is for whoever can open it, which is your user alone: no token. \`control.sock\` in the data folder
(\`npx tollgate status\` names it), or a named pipe on Windows.

\`\`\`sh
curl -s --unix-socket "$TOLLGATE_HOME/control.sock" http://control.local/api/v1/apps/list \\
  -H 'content-type: application/json' -d '{}'
\`\`\`

**The dashboard's port** (\`http://127.0.0.1:4748\`) takes a session. \`npx tollgate open --json\` prints a link that works
once, within ten minutes; what stands behind \`#link=\` is exchanged for a session, whose token goes into the header
\`x-tollgate-session\` (or \`Authorization: Bearer\`). A session ends after twelve hours without use, after seven days, with
the engine, or when it is revoked. It is no cookie. What a session may not do is make another link.

\`\`\`sh
LINK=$(npx tollgate open --json | jq -r .url)
SESSION=$(curl -s http://127.0.0.1:4748/session -H 'content-type: application/json' \\
  -d "{\\"link\\":\\"\${LINK#*#link=}\\"}" | jq -r .session)
curl -s http://127.0.0.1:4748/api/v1/usage/overview -H "x-tollgate-session: $SESSION" \\
  -H 'content-type: application/json' -d '{}'
\`\`\`

App tokens open neither door, and no session opens the proxy.

## Streams

Calls marked *stream* answer with \`text/event-stream\`. \`events.follow\` tells everything that happens, gathered a few times
a second. Each event has an \`id\`; send the last one as \`Last-Event-ID\` to go on after a gap. What is no longer known is
answered with a \`resync\`: read everything again. A \`heartbeat\` comes every 15 seconds.

## Calls

| Call | |
|---|---|
`;

interface Operation {
  readonly summary?: string;
  readonly responses?: { readonly 200?: { readonly content?: Readonly<Record<string, unknown>> } };
}

/** The text of docs/control-api.md. */
export async function renderControlApiPage(): Promise<string> {
  const { paths } = JSON.parse(await renderControlApi()) as {
    paths: Readonly<Record<string, { readonly post: Operation }>>;
  };
  const rows = Object.entries(paths).map(([path, { post }]) => {
    const isStream = 'text/event-stream' in (post.responses?.[200]?.content ?? {});
    return `| \`${path.slice(1)}\` | ${post.summary ?? ''}${isStream ? ' · *stream*' : ''} |\n`;
  });
  return INTRO + rows.join('');
}
