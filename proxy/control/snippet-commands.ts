import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../connect/find-program.ts';
import {
  DEFAULT_TRY_MODEL,
  type Filling,
  TOKEN_PLACEHOLDER,
  type ToolEntry,
  type ToolFile,
  type TryEntry,
} from '../connect/tool-entry.ts';
import {
  backupPath,
  fileState,
  planChange,
  restoreToolFile,
  type WrittenFile,
  writeToolFile,
} from '../connect/tool-files.ts';
import { TOOLS } from '../connect/tools.ts';
import { tryTool } from '../connect/try-it.ts';
import { DEFAULT_PORT } from '../contract/defaults.ts';
import { AppError } from '../contract/errors.ts';
import type { FileChange, Tool, TryResult } from '../contract/snippets.ts';
import type { App } from '../ledger/registry.ts';
import { EVERY_REQUEST } from '../ledger/request-queries.ts';
import { issueToken, startRun } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';

/** What trying a tool may hold, and so cost, at most. */
const TRY_CAP_NANO_USD = 250_000_000;
const capOf = ({ tryIt: entry }: ToolEntry): number => entry?.cap ?? TRY_CAP_NANO_USD;

/** @throws AppError `tool_unknown` */
function requireTool(id: string): ToolEntry {
  const tool = TOOLS.find((each) => each.id === id);
  if (!tool) throw new AppError('tool_unknown', { tool: id.slice(0, 60) });
  return tool;
}

function requireFile(tool: ToolEntry): ToolFile {
  if (tool.file) return tool.file;
  throw new AppError('tool_file_failed', { tool: tool.name, problem: 'it has no file that Tollgate writes' });
}

function fillingOf(deps: ControlDeps, token: string | undefined, model: string | undefined): Filling {
  const baseUrl = deps.addresses().baseUrl ?? `http://127.0.0.1:${DEFAULT_PORT}/v1`;
  // A model goes into code and shell lines: whatever else it may be, it is no longer a name.
  if (model !== undefined && !/^[A-Za-z0-9][\w.:/-]{0,127}$/.test(model)) {
    throw new AppError('input_invalid', { problem: 'this is no name of a model' });
  }
  return { baseUrl, token: token ?? TOKEN_PLACEHOLDER, model: model ?? DEFAULT_TRY_MODEL };
}

export function listTools(deps: ControlDeps, token: string | undefined, model: string | undefined): Tool[] {
  const filling = fillingOf(deps, token, model);
  return TOOLS.map((tool) => {
    const installed = tool.program === null ? null : findProgram(tool.program, deps.tools.env) !== null;
    return {
      id: tool.id,
      name: tool.name,
      category: tool.category,
      support: tool.support,
      installed,
      note: tool.note,
      snippets: [...tool.snippets(filling)],
      file: tool.file ? fileView(deps, tool, tool.file) : null,
      tryIt: tryView(tool, installed),
    };
  });
}

function fileView(deps: ControlDeps, tool: ToolEntry, file: ToolFile): Tool['file'] {
  const path = file.path(deps.tools.home);
  const written = writtenOf(deps, tool);
  const state = fileState(path, written);
  return { path, state, canRestore: state === 'written', holdsToken: file.holdsToken };
}

function tryView(tool: ToolEntry, installed: boolean | null): Tool['tryIt'] {
  const capNanoUsd = capOf(tool);
  const not = (detail: string): Tool['tryIt'] => ({ possible: false, detail, capNanoUsd });
  if (!tool.tryIt) return not('It needs a project or a window of its own: copy the snippet.');
  if (!installed) return not(`${tool.program} was not found on this machine.`);
  const needs = tool.tryIt.needs === undefined ? '' : ` It needs ${tool.tryIt.needs}.`;
  const what = tool.category === 'agent' ? 'Asks it one short question' : 'Sends one short request';
  return { possible: true, detail: `${what}, which costs a cent or less.${needs}`, capNanoUsd };
}

export function previewFile(deps: ControlDeps, toolId: string, model: string | undefined): FileChange {
  const tool = requireTool(toolId);
  const change = planChange(tool, requireFile(tool), deps.tools.home, fillingOf(deps, undefined, model));
  return {
    ...shown(change.before, change.after),
    path: change.path,
    backup: null,
    written: false,
    token: null,
  };
}

/** Writes the file, with a token that is made for it where it holds one. */
export async function writeFile(
  deps: ControlDeps,
  toolId: string,
  app: App,
  model: string | undefined,
): Promise<FileChange> {
  const tool = requireTool(toolId);
  const file = requireFile(tool);
  const { home } = deps.tools;
  // Before a token is made that would be left over.
  planChange(tool, file, home, fillingOf(deps, undefined, model));
  const { token } = await issueToken(deps, app, tool.name, null);
  const change = planChange(tool, file, home, fillingOf(deps, token, model));
  const { record, backup } = writeToolFile(tool, file, change, writtenOf(deps, tool));
  await remember(deps, tool, record);
  deps.signals.send({ kind: 'changed', what: 'tokens', appId: app.id });
  const { before, after } = shown(change.before, change.after);
  return { path: change.path, before, after, backup, written: true, token };
}

/** @throws AppError `tool_file_failed` */
export async function restoreFile(deps: ControlDeps, toolId: string): Promise<FileChange> {
  const tool = requireTool(toolId);
  requireFile(tool);
  const written = writtenOf(deps, tool);
  if (!written) {
    throw new AppError('tool_file_failed', { tool: tool.name, problem: 'Tollgate has not written it' });
  }
  const change = restoreToolFile(tool, written);
  await remember(deps, tool, null);
  const backup = written.hadFile ? backupPath(written.path) : null;
  return { ...shown(change.before, change.after), path: change.path, backup, written: true, token: null };
}

/** Other people's secrets stay where they are. */
function shown(before: string | null, after: string): { before: string | null; after: string } {
  const masked = (text: string): string =>
    text.replace(/\b(sk-|tg_|gh[a-z]_|xox[a-z]-)[A-Za-z0-9_-]{8,}/g, '$1…');
  return { before: before === null ? null : masked(before), after: masked(after) };
}

function writtenOf(deps: ControlDeps, { id }: ToolEntry): WrittenFile | null {
  return writtenFiles(deps)[id] ?? null;
}

function writtenFiles(deps: ControlDeps): Readonly<Record<string, WrittenFile>> {
  const stored = deps.memory.get('tool_files');
  return stored ? (JSON.parse(stored) as Record<string, WrittenFile>) : {};
}

async function remember(deps: ControlDeps, { id }: ToolEntry, record: WrittenFile | null): Promise<void> {
  const { [id]: _before, ...others } = writtenFiles(deps);
  await deps.memory.set('tool_files', JSON.stringify(record ? { ...others, [id]: record } : others));
}

/** Sends one request in the way of a tool, with a token that lives as long. */
export async function tryIt(
  deps: ControlDeps,
  toolId: string,
  app: App,
  model: string | undefined,
): Promise<TryResult> {
  const tool = requireTool(toolId);
  const { program, tryIt: entry } = tool;
  const { env } = deps.tools;
  if (deps.addresses().baseUrl === null) throw new AppError('engine_not_running');
  if (!entry || program === null || findProgram(program, env) === null) {
    throw new AppError('input_invalid', { problem: `${tool.name} cannot be tried from here` });
  }
  const cap = { metric: 'usd', amount: capOf(tool), window: 'total' } as const;
  const run = await startRun(deps, app, [cap]);
  const dir = await mkdtemp(join(tmpdir(), 'tollgate-try-'));
  try {
    const able: ToolEntry & { readonly tryIt: TryEntry } = { ...tool, tryIt: entry };
    const cwd = entry.needs === undefined ? dir : process.cwd();
    const outcome = await tryTool(able, fillingOf(deps, run.token, model), { env, cwd });
    await deps.journal.flush();
    const { rows } = await deps.reports.query('requests', { ...EVERY_REQUEST, appNum: app.num, limit: 20 });
    const row = rows.find(({ token_id: tokenId }) => tokenId === run.tokenId);
    return {
      ...outcome,
      ok: outcome.ok && row !== undefined && row.outcome !== 'refused',
      requestId: row ? deps.ids.format(row.seq) : null,
      costNanoUsd: row?.cost_nano ?? null,
    };
  } finally {
    await run.end();
    await rm(dir, { recursive: true, force: true });
  }
}
