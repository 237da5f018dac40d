import type { KnownSender } from './authenticate.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import type { Refusal } from './refusal.ts';

/** A request of a known sender that was refused. */
export interface RefusedRequest {
  readonly sender: KnownSender;
  readonly seq: number;
  readonly endpoint: string;
  readonly model: string;
  readonly user: string | null;
  /** HTTP status that the client was told; 0 when it could not be told. */
  readonly status: number;
  readonly refusal: Refusal;
}

type BookDeps = Pick<GatewayDeps, 'accountant' | 'refusals' | 'events' | 'now'>;

export function bookRefusal(deps: BookDeps, refused: RefusedRequest): void {
  const { sender, seq, endpoint, model, user, status, refusal } = refused;
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
    reason: refusal.code,
    rule: refusal.extras.rule ?? null,
  });
  deps.events.onRequest(seq);
}
