import { expect, test } from 'vitest';
import { type UpdateMode, Updater, type UpdateSource } from '../../main/updater.ts';
import { until } from '../helpers/until.ts';

interface Calls {
  readonly source: UpdateSource;
  readonly done: string[];
}

function source(version: string | null, problem?: string): Calls {
  const done: string[] = [];
  return {
    done,
    source: {
      async check() {
        done.push('check');
        if (problem !== undefined) throw new Error(problem);
        return version;
      },
      async download(onPercent) {
        done.push('download');
        onPercent(41.6);
      },
      install: () => done.push('install'),
      installOnQuit: (isOn) => done.push(`on quit: ${isOn}`),
    },
  };
}

function updaterOf({ source: from }: Calls, mode: UpdateMode) {
  const told: [string, boolean][] = [];
  const states: string[] = [];
  const updater = new Updater({
    source: from,
    onChange: ({ state, percent }) => states.push(percent === null ? state : `${state} ${percent}`),
    onFound: (version, isReady) => told.push([version, isReady]),
    firstCheckMs: 1,
    everyMs: 5,
  });
  updater.setMode(mode);
  return { updater, told, states };
}

test('auto fetches what it finds and installs it when the app quits', async () => {
  const calls = source('1.2.3');
  const { updater, told, states } = updaterOf(calls, 'auto');
  await until(() => updater.state.state === 'ready');
  updater.close();
  expect(calls.done).toEqual(['on quit: true', 'check', 'download']);
  expect(states).toEqual(['checking', 'available', 'downloading 0', 'downloading 42', 'ready']);
  expect(told).toEqual([['1.2.3', true]]);
  updater.install();
  expect(calls.done.at(-1)).toBe('install');
});

test('notify tells of a version once and fetches nothing by itself', async () => {
  const calls = source('1.2.3');
  const { updater, told } = updaterOf(calls, 'notify');
  await until(() => calls.done.filter((call) => call === 'check').length >= 3);
  expect(told).toEqual([['1.2.3', false]]);
  expect(calls.done).not.toContain('download');
  // Nothing was fetched, so there is nothing to install.
  updater.install();
  updater.close();
  expect(calls.done).not.toContain('install');
});

test('manual asks only when the user does', async () => {
  const calls = source(null);
  const { updater } = updaterOf(calls, 'manual');
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(calls.done).toEqual(['on quit: false']);
  await updater.check();
  expect(updater.state.state).toBe('idle');
});

test('a check that fails says why, and the next one may succeed', async () => {
  const { updater } = updaterOf(source(null, 'net::ERR_INTERNET_DISCONNECTED'), 'manual');
  await updater.check();
  expect(updater.state).toMatchObject({ state: 'failed', detail: 'net::ERR_INTERNET_DISCONNECTED' });
});

test('where there are no updates it is said why, and nothing is asked', async () => {
  const updater = new Updater({
    source: { unavailable: 'This app runs from a clone; update it with git.' },
    onChange: () => undefined,
    onFound: () => undefined,
  });
  updater.setMode('auto');
  await updater.check();
  expect(updater.state).toMatchObject({ state: 'off', detail: expect.stringContaining('git') });
});

test('A69 the version is text of a server: it cannot turn a line around', async () => {
  const { updater } = updaterOf(source('1.0\u202e0.9\n\u0007'), 'manual');
  await updater.check();
  expect(updater.state.version).toBe('1.00.9');
});
