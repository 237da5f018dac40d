/** Looks through files in a thread of its own, whose memory goes away with it. */
import { parentPort, workerData } from 'node:worker_threads';
import { problemOf } from '../contract/errors.ts';
import { scanFiles } from './scan-files.ts';
import type { ScanReply, ScanStart } from './scan-thread.ts';

const port = parentPort;
if (!port) throw new Error('a scan runs in a worker thread');
const { dir, home } = workerData as ScanStart;
const send = (reply: ScanReply): void => port.postMessage(reply);
try {
  for await (const event of scanFiles(dir, new AbortController().signal, home)) send({ event });
  send({ end: null });
} catch (error) {
  send({ end: problemOf(error) });
}
