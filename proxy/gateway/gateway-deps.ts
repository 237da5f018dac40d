import type { Accountant } from '../admission/accountant.ts';
import type { Calendar } from '../admission/calendar.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Journal } from '../ledger/journal.ts';
import type { App, Registry } from '../ledger/registry.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { AdmissionQueue } from './admission-queue.ts';
import type { AppTraffic } from './app-traffic.ts';
import type { TokenCounter } from './counting/token-counter.ts';
import type { LateWork } from './late-work.ts';
import type { LiveRequests } from './live-requests.ts';
import type { LocalNames } from './local-border.ts';
import type { OwnedObjects } from './owned-objects.ts';
import type { PartyScopes } from './party-scopes.ts';
import type { PeerCheck } from './peer-user.ts';
import type { RefusalLog } from './refusal-log.ts';
import type { RequestIds } from './request-ids.ts';
import type { SocketPlaces } from './sockets/socket-places.ts';
import type { Upstream } from './upstream.ts';

/** Something the user should know about; the alerts decide how loudly. */
export interface Finding {
  readonly finding:
    | 'real_key_received'
    | 'unknown_token'
    | 'key_rejected'
    | 'usage_missing'
    | 'usage_bad'
    | 'overage'
    | 'peer_refused';
  readonly appNum: number | null;
  readonly detail: string;
}

/** Tells whoever follows the requests that one began or ended; the ledger has the details. */
export interface RequestEvents {
  onRequest(seq: number): void;
}

export interface GatewayDeps {
  readonly registry: Registry;
  readonly accountant: Accountant;
  readonly calendar: Calendar;
  readonly parties: PartyScopes;
  readonly queue: AdmissionQueue;
  readonly traffic: AppTraffic;
  readonly journal: Journal;
  readonly refusals: RefusalLog;
  readonly book: PriceBook;
  readonly counter: TokenCounter;
  readonly keys: KeyRing;
  readonly upstream: Upstream;
  readonly live: LiveRequests;
  readonly sockets: SocketPlaces;
  readonly objects: OwnedObjects;
  readonly lateWork: LateWork;
  readonly ids: RequestIds;
  readonly names: LocalNames;
  readonly peers: PeerCheck;
  readonly events: RequestEvents;
  onFinding(finding: Finding): void;
  /** A request of this app was settled: warn limits may have been reached. */
  onSettled(app: App): void;
  /** Late work could not be asked about; it is tried again. */
  onLateProblem(objectId: string, problem: string): void;
  /** An unexpected failure: logged, never shown to the client. */
  onError(error: unknown, requestId: string): void;
  /** Epoch milliseconds. */
  now(): number;
  /** `YYYY-MM-DD` in UTC: what some prices depend on. */
  today(): string;
  /** Milliseconds of a clock that no one sets. */
  monotonic(): number;
}
