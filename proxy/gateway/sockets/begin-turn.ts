import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { pausedRefusal } from '../spending-request.ts';
import type { SessionScene } from './open-session.ts';
import type { SocketRelay } from './socket-relay.ts';
import { SocketTurn, type TurnLine } from './socket-turn.ts';

/**
 * A turn of a socket's app, with a place among what is under way. What the app may do is looked up anew:
 * a socket lives long.
 */
export function beginTurn(
  scene: SessionScene,
  line: TurnLine,
  ends?: readonly string[],
): SocketTurn | Refusal {
  const { deps, sender, found } = scene;
  const { token } = sender;
  const app = deps.registry.app(sender.app.num);
  if (!app || (token.expiresAtMs !== null && token.expiresAtMs <= deps.now()))
    return refuse('invalid_app_token');
  if (app.pausedAtMs !== null) return pausedRefusal(app);
  const place = deps.traffic.enter(app, deps.monotonic());
  if (isRefusal(place)) return place;
  return new SocketTurn(deps, found, { app, token, place }, line, ends);
}

/**
 * Whether an admitted turn may go out; ends it unsent where it may not: its client has left, or the key has
 * been replaced since the socket was opened, which is renewed then.
 */
export function mayGoOut(turn: SocketTurn, relay: SocketRelay): boolean {
  const isSameKey = turn.lease?.generation === relay.generation;
  if (!isSameKey) turn.answerRefusal(refuse('socket_outdated'));
  if (isSameKey && !turn.stopped) return true;
  turn.endUnsent();
  if (!isSameKey) relay.finish();
  return false;
}
