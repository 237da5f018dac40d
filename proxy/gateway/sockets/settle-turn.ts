import { chargeBroken, chargeLeft } from '../charge-answer.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { SocketEnd } from './socket-relay.ts';
import type { SocketTurn } from './socket-turn.ts';

/** Ends a turn of which OpenAI tells nothing more, because its socket has closed. */
export function settleTurn(turn: SocketTurn, how: SocketEnd, deps: GatewayDeps): void {
  const { sentMs, events } = turn;
  if (sentMs === null) {
    // What still waits for its hold finds out by itself that it was left.
    if (turn.admitted) turn.endUnsent();
    return;
  }
  const charge =
    how === 'left' || how === 'unheard'
      ? chargeLeft(turn, deps.today(), events, deps.monotonic() - sentMs)
      : chargeBroken(turn, how === 'timeout' ? 'upstream_timeout' : 'upstream_broken');
  turn.end(charge, turn.isCreated ? 200 : 499);
}
