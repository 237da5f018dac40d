import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';

/** In Electron's own binaries this text stands before the fuses. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As a release comes: all of them as Electron ships them, the opposite of ours where it matters. */
const SHIPPED = '101100011';

/**
 * A folder in the shape of Electron's distribution for Linux, without Electron: its program is a file that
 * has a fuse wire where the real one has it, so that the steps that change the program can be seen to work.
 */
export async function layOutStandIn(dir: string, version: string): Promise<void> {
  mkdirSync(join(dir, 'resources'), { recursive: true });
  mkdirSync(join(dir, 'locales'));
  const wire = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, SHIPPED.length]), Buffer.from(SHIPPED)]);
  const program = Buffer.concat([Buffer.from('#!/bin/sh\n'), Buffer.alloc(64), wire, Buffer.alloc(64)]);
  writeFileSync(join(dir, 'electron'), program, { mode: 0o755 });
  writeFileSync(join(dir, 'version'), version);
  mkdirSync(join(dir, 'nothing'));
  await createPackage(join(dir, 'nothing'), join(dir, 'resources/default_app.asar'));
  rmdirSync(join(dir, 'nothing'));
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'locales/en-US.pak']) {
    writeFileSync(join(dir, name), '');
  }
}
