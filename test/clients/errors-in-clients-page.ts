import { CLIENTS } from './clients.ts';
import { LANGCHAIN_MAX_RETRIES } from './langchain.ts';
import type { Situation } from './scene.ts';

/** What one client made of one refusal. */
export type Cell =
  | { readonly kind: 'none' }
  | { readonly kind: 'answered'; readonly requests: number }
  | {
      readonly kind: 'refused';
      readonly failure: string;
      readonly status: number | null;
      readonly requests: number;
      /** It asked again although it was told not to. */
      readonly inVain: boolean;
      /** It shows a text of its own. */
      readonly hidden: boolean;
    };

export interface Row {
  readonly situation: Situation;
  readonly cells: ReadonlyMap<string, Cell>;
}

const INTRO = `# Refusals in the clients you use

What becomes of each refusal of the proxy in four clients. \`npm run clients\` provokes every one in every client against
the simulated OpenAI, with the client's default settings, and fails where this page is no longer true
(\`npm run clients -- -u\` writes it anew).

`;

const LEGEND = `
A cell has the class that is thrown, or how the process ends, and the HTTP status where the client tells it. ×3 means
that the request was sent three times before the client gave up; LangChain was run with \`maxRetries: ${LANGCHAIN_MAX_RETRIES}\`, its default
of 6 goes on for up to two minutes. Bold: it asks again although \`x-should-retry: false\` says that this cannot help. A
refused request costs nothing, but takes that client's time. *waits* means that it waits as long as it is told and is
then answered. – means that the client has no such call. ° means that the proxy was not brought into that state: its
answer was sent by a stand-in.

Everywhere the client shows Tollgate's whole message, which ends with what to do, but where a cell says *own text*.

`;

const NOTES = `
## What to know

- **openai** does what it is told: it asks again only where that may help, and waits as long as \`retry-after-ms\` says.
- **Vercel AI SDK** goes by the status alone: a used-up limit (429) and any 5xx is asked for three times within six
  seconds. The message is that of the last answer, behind "Failed after 3 attempts". With \`maxRetries: 0\` it asks once.
  In a stream the error is a part of \`fullStream\`; whoever reads only \`textStream\` should pass \`onError\`.
  With tools it names earlier items by their ids, for which Tollgate holds the model's whole context: under a small USD
  limit \`providerOptions: { openai: { store: false } }\` sends them in full instead.
- **LangChain** takes \`insufficient_quota\` as final (\`error.name\` is \`InsufficientQuotaError\`), and 429 with
  \`retry-after\` as a reason to wait. It asks again on any 5xx.
- **Codex** asks again on everything but 400 and a used-up limit: six times within seven seconds, thirty times on a 5xx.
  Lower \`stream_max_retries\` and \`request_max_retries\` of its provider if that is too much. A request that reached
  OpenAI and broke off (\`upstream_broken\`, \`upstream_timeout\`) is charged its bound each time, so a limit matters.
  - For \`insufficient_quota\` it would show "Quota exceeded. Check your plan and billing details.", which is about
    OpenAI. So Tollgate tells Codex alone (by its \`originator\` header) \`usage_limit_reached\` with \`resets_at\`, and the
    message in \`x-codex-promo-message\`: "You've hit your usage limit. Limit of $5.00 per day for app …".
  - Its built-in provider (\`openai_base_url\`) uses a WebSocket, on which it is told the same.
  - A rate limit that lasts beyond its retries, and an error 500, it puts in its own words.
  - An answer 400 is shown as JSON.
  - It offers web search in every request, which Tollgate holds with its fees and further turns. Under a small USD
    limit that alone can be too much: \`web_search = "disabled"\` in its \`config.toml\` leaves it out.
  - Where no engine runs, it goes on trying to connect.

\`\`\`toml
# ~/.codex/config.toml; \`npx tollgate run -- codex\` sets the same for one run
model_provider = "tollgate"
[model_providers.tollgate]
name = "Tollgate"
base_url = "http://127.0.0.1:4747/v1"
env_key = "OPENAI_API_KEY"      # holds the app token
wire_api = "responses"
\`\`\`
`;

/** The text of docs/integrations/errors-in-clients.md. */
export function renderErrorsInClients(rows: readonly Row[]): string {
  const versions = CLIENTS.map(({ version }) => `\`${version.replaceAll(', ', '`, `')}\``).join(' · ');
  const head = `| Refusal | ${CLIENTS.map(({ name }) => name).join(' | ')} |\n|${'---|'.repeat(CLIENTS.length + 1)}\n`;
  return `${INTRO}Tried with ${versions}.\n${LEGEND}${head}${rows.map(renderRow).join('')}${NOTES}`;
}

function renderRow({ situation, cells }: Row): string {
  const { code, title, isStandIn } = situation;
  const shown = CLIENTS.map(({ name }) => renderCell(cells.get(name) ?? { kind: 'none' }));
  return `| \`${code}\`: ${title}${isStandIn ? ' °' : ''} | ${shown.join(' | ')} |\n`;
}

function renderCell(cell: Cell): string {
  if (cell.kind === 'none') return '–';
  if (cell.kind === 'answered') return '*waits*';
  const { failure, status, requests, inVain, hidden } = cell;
  const what = failure.startsWith('exit') ? failure : `\`${failure}\``;
  const times = requests === 1 ? '' : inVain ? ` **×${requests}**` : ` ×${requests}`;
  return `${what}${status === null ? '' : ` ${status}`}${times}${hidden ? ', *own text*' : ''}`;
}
