/** The thread that reads the ledger for reports, on a connection that cannot write. */
import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { problemOf } from '../contract/errors.ts';
import { openLedgerForReading } from './open-database.ts';
import { openReportQueries, type ReportQueries } from './report-queries.ts';
import type { ReportCall, ReportReply } from './reports.ts';

const port = parentPort;
if (!port) throw new Error('reports run in a worker thread');
const { dbPath } = workerData as { dbPath: string };
const db = openLedgerForReading(dbPath);
const queries: ReportQueries = openReportQueries(db);

port.on('message', ({ id, name, argument }: ReportCall) => {
  let reply: ReportReply;
  try {
    reply = { id, result: (queries[name] as (argument: unknown) => unknown)(argument), problem: null };
  } catch (error) {
    reply = { id, result: null, problem: problemOf(error) };
  }
  port.postMessage(reply);
});
flushCompileCache();
