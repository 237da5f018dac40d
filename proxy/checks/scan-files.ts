import { lstatSync, type Stats } from 'node:fs';
import { opendir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import type { Leak, ScanEvent } from '../contract/checklist.ts';

const MAX_FILE_BYTES = 1024 * 1024;
const MAX_FILES = 200_000;
const PROGRESS_EVERY = 200;
/** Folders of what others have made; keys are not put there by hand. */
const LEFT_OUT = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.venv',
  'venv',
  '__pycache__',
  '.cache',
  'Caches',
]);

/** Where keys are left in a home folder. */
const USUAL_PLACES = [
  '.env',
  '.bashrc',
  '.bash_profile',
  '.bash_history',
  '.profile',
  '.zshrc',
  '.zprofile',
  '.zshenv',
  '.zsh_history',
  '.config/fish/config.fish',
  '.codex/auth.json',
  '.codex/config.toml',
  '.continue/config.json',
  '.continue/config.yaml',
  '.aider.conf.yml',
  '.config/io.datasette.llm/keys.json',
  '.config/opencode/opencode.json',
  '.local/share/opencode/auth.json',
  '.qwen/settings.json',
  '.config/goose/config.yaml',
  '.netrc',
  '.npmrc',
];

/** OpenAI's keys in any length: the rules of the scanner know those of today's shape only. */
const OPENAI_KEY = /\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{16,}/g;

type Linter = (content: string, path: string) => Promise<Leak[]>;

/**
 * Looks through a folder, or the usual places of a home, for keys in files. Follows no links; files that
 * are large or not text are left out. Keeps nothing of what it reads but where a key stands.
 */
export async function* scanFiles(
  dir: string | undefined,
  signal: AbortSignal,
  home = homedir(),
): AsyncGenerator<ScanEvent> {
  const lint = await openLinter();
  const paths = dir === undefined ? usualFiles(home) : filesBelow(dir);
  let [files, leaks, skipped] = [0, 0, 0];
  for await (const path of paths) {
    if (signal.aborted || files >= MAX_FILES) break;
    const content = await readTextFile(path);
    if (content === null) skipped += 1;
    else {
      files += 1;
      for (const leak of await lint(content, path)) {
        leaks += 1;
        yield { kind: 'leak', leak };
      }
    }
    if ((files + skipped) % PROGRESS_EVERY === 0)
      yield { kind: 'progress', files, leaks, skipped, done: false };
  }
  yield { kind: 'progress', files, leaks, skipped, done: true };
}

async function* usualFiles(home: string): AsyncGenerator<string> {
  for (const place of USUAL_PLACES) {
    const path = join(home, place);
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) yield path;
  }
}

async function* filesBelow(root: string): AsyncGenerator<string> {
  const waiting = [root];
  for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
    let entries: Awaited<ReturnType<typeof opendir>>;
    try {
      entries = await opendir(dir);
    } catch {
      // A folder that cannot be read holds nothing that this user has left there.
      continue;
    }
    for await (const entry of entries) {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) {
        if (!LEFT_OUT.has(entry.name)) waiting.push(path);
      } else if (entry.isFile()) yield path;
    }
  }
}

async function readTextFile(path: string): Promise<string | null> {
  const stat: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > MAX_FILE_BYTES) return null;
  try {
    const bytes = await readFile(path);
    return bytes.subarray(0, 4_096).includes(0) ? null : bytes.toString('utf8');
  } catch {
    return null;
  }
}

async function openLinter(): Promise<Linter> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const rules = [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }];
  return async (content, path) => {
    const { messages } = await lintSource({
      source: { filePath: path, content, contentType: 'text', ext: extname(path) },
      options: { config: { rules }, noPhysicFilePath: true, maskSecrets: true },
    });
    const found = messages.map(({ range: [from, to], ruleId }) => ({ from, to, what: ruleName(ruleId) }));
    for (const match of content.matchAll(OPENAI_KEY)) {
      const [from, to] = [match.index, match.index + match[0].length];
      if (!found.some((other) => from < other.to && other.from < to))
        found.push({ from, to, what: 'OpenAI key' });
    }
    return found
      .sort((a, b) => a.from - b.from)
      .map(({ from, to, what }) => ({
        path,
        what,
        masked: mask(content.slice(from, to)),
        ...placeOf(content, from),
      }));
  };
}

function ruleName(ruleId: string): string {
  const name = ruleId.replace(/^@secretlint\/secretlint-rule-/, '');
  return name === 'openai' ? 'OpenAI key' : `${name} secret`;
}

/** The kind of key and its length, and no character of the rest. */
function mask(secret: string): string {
  const prefix =
    /^(?:sk-(?:proj|svcacct|admin|ant)-|sk-|gh[a-z]_|xox[a-z]-|AKIA|glpat-)/.exec(secret)?.[0] ?? '';
  return `${prefix}… (${secret.length} characters)`;
}

function placeOf(content: string, at: number): { line: number; column: number } {
  const before = content.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}
