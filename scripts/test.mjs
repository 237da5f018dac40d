// `npm test`: sets up what is missing, checks formatting, lint and types, runs every test, and ends with
// one line that says how many passed. Arguments go to vitest and leave the other checks out.
//
// The tests in the clients people use come last. Those clients are half a gigabyte, most of it Codex, so they
// have a lock file of their own and are installed only for a run that includes test/clients. Where that fails,
// the run fails.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildPage } from './build-page.mjs';
import { installIn, root, run, setUp } from './setup.mjs';

const CHECKS = [
  ['formatting and lint', '@biomejs/biome/bin/biome', ['check', '.']],
  ['types of the engine', 'typescript/bin/tsc', ['-p', 'proxy']],
  ['types of the desktop', 'typescript/bin/tsc', ['-p', 'main']],
  ['types of the page', 'typescript/bin/tsc', ['-p', 'renderer']],
  ['types of the tests', 'typescript/bin/tsc', ['-p', 'test']],
];
const CLIENTS = 'test/clients';
const CHECKS_OF_CLIENTS = [['types of the tests in clients', 'typescript/bin/tsc', ['-p', CLIENTS]]];

const node = await setUp();
// Tests start programs by name, and mean the same Node that runs them.
process.env.PATH = `${dirname(node)}:${process.env.PATH}`;
const args = process.argv.slice(2);
const isWhole = args.length === 0;
const inClients = args.filter((arg) => arg.startsWith(CLIENTS));
const others = args.filter((arg) => !arg.startsWith(CLIENTS));
const counts = { passed: 0, failed: 0, skipped: 0 };

if (inClients.length === 0 || others.some((arg) => arg.startsWith('test/'))) {
  if (isWhole) await runChecks(CHECKS);
  if (!(await buildPage(node))) counts.failed += 1;
  await runTests(others);
}
if (isWhole || inClients.length > 0) await runClients();

if (counts.skipped > 0)
  process.stdout.write(`${counts.skipped} skipped, each for the reason printed above\n`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

async function runClients() {
  const failure = await installIn(`${CLIENTS}/`);
  if (failure) {
    process.stdout.write(
      `FAIL the tests in clients did not run, for their packages are missing: ${failure}\n`,
    );
    counts.failed += 1;
    return;
  }
  if (isWhole) await runChecks(CHECKS_OF_CLIENTS);
  const options = others.filter((arg) => !arg.startsWith('test/'));
  await runTests(['--config', `${CLIENTS}/vitest.config.ts`, ...inClients, ...options]);
}

async function runChecks(checks) {
  for (const [name, file, checkArgs] of checks) {
    const code = await run(node, [`${root}node_modules/${file}`, ...checkArgs]);
    process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}\n`);
    counts[code === 0 ? 'passed' : 'failed'] += 1;
  }
}

async function runTests(vitestArgs) {
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  const report = join(dir, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const vitest = [`${root}node_modules/vitest/vitest.mjs`, 'run', ...reporters, ...vitestArgs];
    const code = await run(node, vitest);
    const result = JSON.parse(readFileSync(report, 'utf8'));
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests;
    counts.skipped += result.numPendingTests;
    // A file that does not load, or an error outside a test, fails the run without failing a test.
    if (code !== 0 && result.numFailedTests === 0) counts.failed += 1;
  } catch (error) {
    process.stdout.write(`the tests left no report: ${error.message}\n`);
    counts.failed += 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
