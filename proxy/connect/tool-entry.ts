import type { Tool } from '../contract/snippets.ts';

export const TOKEN_PLACEHOLDER = 'tg_YOUR_APP_TOKEN';
export const DEFAULT_TRY_MODEL = 'gpt-5.4-mini';

/** What snippets are filled with. */
export interface Filling {
  /** `http://127.0.0.1:4747/v1` */
  readonly baseUrl: string;
  readonly token: string;
  readonly model: string;
}

export type Snippet = Tool['snippets'][number];

/** A file of a tool, how it is put together and where it is. */
export interface ToolFile {
  /** Below the home folder of the user. */
  readonly path: (home: string) => string;
  readonly holdsToken: boolean;
  /**
   * `own` is Tollgate's alone; `json` is merged; `lines` sets top-level lines of flat YAML; `block` adds a
   * marked block at the end.
   */
  readonly how: 'own' | 'json' | 'lines' | 'block';
  readonly content: (filling: Filling) => string;
}

export interface ToolEntry {
  readonly id: string;
  readonly name: string;
  readonly category: Tool['category'];
  readonly support: Tool['support'];
  readonly note: string;
  /** Its program, to be looked for in the PATH; null where there is none. */
  readonly program: string | null;
  readonly snippets: (filling: Filling) => readonly Snippet[];
  readonly file?: ToolFile;
  /** Runs one small request; absent where that takes a window or a project. */
  readonly tryIt?: TryEntry;
}

export interface TryEntry {
  /** The command without the program; stdin goes to it. */
  readonly args: (filling: Filling) => readonly string[];
  readonly stdin?: (filling: Filling) => string;
  /** What must be installed besides the program. */
  readonly needs?: string;
  /** Nano-dollars it may hold; without it as much as one short answer may. */
  readonly cap?: number;
}

/** An agent offers its model tools and leaves it all the room there is: a short answer holds some dollars. */
export const AGENT_CAP = 5_000_000_000;

export const PROMPT = 'Say hello in three words.';
/** Models that reason have thought a few hundred tokens before they say the three words. */
export const TRY_TOKENS = 1_000;

export const snippet = (language: Snippet['language'], title: string, text: string): Snippet => ({
  id: title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
  title,
  language,
  text,
});

export const exportLines = ({ baseUrl, token }: Filling, ...more: string[]): Snippet =>
  snippet(
    'sh',
    'Environment',
    [`export OPENAI_BASE_URL=${baseUrl}`, `export OPENAI_API_KEY=${token}`, ...more].join('\n'),
  );

export const python = (text: string): Snippet => snippet('python', 'Python', text);
export const javascript = (text: string): Snippet => snippet('javascript', 'JavaScript', text);
