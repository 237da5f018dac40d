import type { ErrorCode } from '../contract/errors.ts';
import type { KnownSender } from './authenticate.ts';
import type { GatewayDeps } from './gateway-deps.ts';

/** A request of a known sender that was refused. */
export interface RefusedRequest {
  readonly sender: KnownSender;
  readonly seq: number;
  readonly endpoint: string;
  readonly model: string;
  readonly user: string | null;
  /** HTTP status that the client was told; 0 when it could not be told. */
  readonly status: number;
  readonly code: ErrorCode;
}

type BookDeps = Pick<GatewayDeps, 'accountant' | 'refusals' | 'events' | 'now'>;

export function bookRefusal(deps: BookDeps, refused: RefusedRequest): void {
  const { sender, seq, endpoint, model, user, status, code } = refused;
  const atMs = deps.accountant.tick(deps.now());
  const { app, token } = sender;
  deps.refusals.record({
    seq,
    atMs,
    appNum: app.num,
    tokenId: token.id,
    route: endpoint,
    model,
    user,
    status,
    reason: code,
  });
  deps.events.onRequest(seq);
}
