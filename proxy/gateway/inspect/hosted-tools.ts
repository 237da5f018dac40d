import type { HostedTools } from '../../pricing/hosted-bound.ts';
import type { ContainerTool } from '../../pricing/usage.ts';
import { JsonArray, JsonObject, type JsonValue } from '../strict-json.ts';
import { failField, optionalArray, optionalCount } from './fields.ts';

/** Tools that run on the client's side cost nothing of their own, and end the turn when they are called. */
const LOCAL_TOOLS: ReadonlySet<string> = new Set([
  'apply_patch',
  'computer',
  'computer_use_preview',
  'custom',
  'function',
  'local_shell',
  'namespace',
]);

/** OpenAI limits what a search puts before the model to a context of this size. */
const WEB_SEARCH_TOKENS = 128_000;
/** Chunks of a file search have at most this size, and come in this number unless told. */
const FILE_CHUNK_TOKENS = 4_096;
const FILE_RESULTS = 20;
const MAX_FILE_RESULTS = 50;

/** One for each gigabyte of memory that OpenAI bills a container by. */
const MEMORY_UNITS: Readonly<Record<string, number>> = { '1g': 1, '4g': 4, '16g': 16, '64g': 64 };
const MOST_MEMORY_UNITS = 64;

/** What the tools of a request may cost besides its own tokens. */
export interface ToolFacts {
  /** Null when every tool runs on the client's side. */
  readonly hosted: HostedTools | null;
  /** Why no bound covers them, or null. */
  readonly unbounded: string | null;
}

export const NO_TOOL_FACTS: ToolFacts = { hosted: null, unbounded: null };

/** Every tool that a response may be given: in its `tools`, and by items of its input. */
export function inspectTools(root: JsonObject): ToolFacts {
  const tools = [...toolsOf(root)];
  const input = root.get('input');
  if (input instanceof JsonArray) for (const item of input.items) tools.push(...toolsOfItem(item));
  if (root.get('multi_agent') instanceof JsonObject) {
    return { hosted: null, unbounded: 'it may start any number of further agents' };
  }
  const reader = new ToolReader();
  for (const tool of tools) reader.read(tool);
  // A stored prompt may bring any tool, unless the request says which ones there are.
  if (root.get('prompt') instanceof JsonObject && root.get('tools') === undefined) reader.readAny();
  return reader.facts(optionalCount(root, 'max_tool_calls', 0));
}

/** Kinds of tools for endpoints where none but functions can be bounded. */
export function refusedTools(root: JsonObject): string | null {
  for (const tool of toolsOf(root)) {
    const type = typeOf(tool);
    if (!LOCAL_TOOLS.has(type)) return `the hosted tool "${type.slice(0, 40)}" has fees of its own`;
  }
  return null;
}

/** The memory that a container of this size is billed by, in gigabytes. */
export function memoryUnits(limit: JsonValue | undefined): number {
  if (limit === undefined || limit === null) return 1;
  return (typeof limit === 'string' ? MEMORY_UNITS[limit] : undefined) ?? MOST_MEMORY_UNITS;
}

/** The tools of a request, of an item of its input, or of a namespace of tools, one by one. */
function* toolsOf(owner: JsonObject): Generator<JsonObject> {
  for (const tool of optionalArray(owner, 'tools')) {
    if (!(tool instanceof JsonObject)) {
      failField('tools', 'every tool needs a type');
      continue;
    }
    typeOf(tool);
    yield tool;
    yield* toolsOf(tool);
  }
}

/** Items bring tools in, too; but a list of what an MCP server offers is only a record of it. */
function toolsOfItem(item: JsonValue): readonly JsonObject[] {
  if (!(item instanceof JsonObject) || item.get('type') === 'mcp_list_tools') return [];
  return [...toolsOf(item)];
}

function typeOf(tool: JsonObject): string {
  const type = tool.get('type');
  return typeof type === 'string' ? type : failField('tools', 'every tool needs a type');
}

class ToolReader {
  #webSearch = false;
  #fileSearch = false;
  readonly #newContainers: { tool: ContainerTool; units: number }[] = [];
  readonly #containerIds = new Set<string>();
  #images: { model: string; size: string | null }[] = [];
  /** Null once a call may put anything before the model that its context has room for. */
  #foundTokens: number | null = 0;
  #unbounded: string | null = null;
  #isHosted = false;

  read(tool: JsonObject): void {
    const type = typeOf(tool);
    if (LOCAL_TOOLS.has(type) || isOfClient(tool, type)) return;
    this.#isHosted = true;
    if (/^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/.test(type)) this.#readWebSearch();
    else if (type === 'file_search') this.#readFileSearch(tool);
    else if (type === 'code_interpreter') this.#readContainer('code', tool.get('container'));
    else if (type === 'shell') this.#readContainer('shell', tool.get('environment'));
    else if (type === 'image_generation') this.#readImages(tool);
    else this.#unbounded = `the hosted tool "${type.slice(0, 40)}" may run any number of times`;
  }

  readAny(): void {
    this.#isHosted = true;
    this.#webSearch = true;
    this.#fileSearch = true;
    for (const tool of ['code', 'shell'] as const) {
      this.#newContainers.push({ tool, units: MOST_MEMORY_UNITS });
    }
    this.#images.push({ model: '', size: null });
    this.#foundTokens = null;
  }

  facts(maxCalls: number | null): ToolFacts {
    if (!this.#isHosted) return NO_TOOL_FACTS;
    return {
      unbounded: this.#unbounded,
      hosted: {
        maxCalls,
        webSearch: this.#webSearch,
        fileSearch: this.#fileSearch,
        newContainers: this.#newContainers,
        containerIds: [...this.#containerIds],
        images: this.#images,
        foundTokens: this.#foundTokens,
      },
    };
  }

  #readWebSearch(): void {
    this.#webSearch = true;
    this.#finds(WEB_SEARCH_TOKENS);
  }

  #readFileSearch(tool: JsonObject): void {
    this.#fileSearch = true;
    const results = optionalCount(tool, 'max_num_results', 1, MAX_FILE_RESULTS) ?? FILE_RESULTS;
    this.#finds(results * FILE_CHUNK_TOKENS);
  }

  /** Whatever a program prints comes back to the model. */
  #readContainer(tool: ContainerTool, container: JsonValue | undefined): void {
    this.#foundTokens = null;
    const wish = container instanceof JsonObject ? container : null;
    const named = wish ? wish.get('container_id') : container;
    if (typeof named === 'string') this.#containerIds.add(named);
    else this.#newContainers.push({ tool, units: memoryUnits(wish?.get('memory_limit')) });
  }

  #readImages(tool: JsonObject): void {
    const model = tool.get('model');
    const size = tool.get('size');
    this.#images.push({
      model: typeof model === 'string' ? model : '',
      size: typeof size === 'string' ? size : null,
    });
    // A picture comes back as its tokens.
    this.#finds(16_384);
  }

  #finds(tokens: number): void {
    if (this.#foundTokens !== null) this.#foundTokens = Math.max(this.#foundTokens, tokens);
  }
}

/** Tools that are hosted or not by what they say of themselves. */
function isOfClient(tool: JsonObject, type: string): boolean {
  if (type === 'tool_search') return tool.get('execution') === 'client';
  const environment = tool.get('environment');
  return type === 'shell' && environment instanceof JsonObject && environment.get('type') === 'local';
}
