import type { ObjectKind } from '../contract/object-kinds.ts';
import { settlingOf } from './bound-spending.ts';
import { type ContainerSizes, containerDetail } from './container-sizes.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import type { AnsweredObjects } from './metering/metered.ts';
import { isJsonObject } from './metering/usage-shapes.ts';
import type { OwnedObject } from './owned-objects.ts';
import { announceFiles } from './settle-batch.ts';
import type { SpendingRequest } from './spending-request.ts';

type Json = Readonly<Record<string, unknown>>;

/** A stream has named itself: from now on the client may refer to it. */
export function announceAnswer(request: SpendingRequest, answered: AnsweredObjects): void {
  request.answered = answered;
  announceKept(request, { model: null, tokens: null });
}

/** Makes what OpenAI keeps of an answer the app's, with what is known of its context. */
export function announceKept(request: SpendingRequest, context: Pick<OwnedObject, 'model' | 'tokens'>): void {
  const { answered, facts, deps, sender } = request;
  if (!answered || !facts) return;
  const kind = keptKind(request);
  if (kind !== null && answered.id !== null) announce(request, answered.id, kind, context);
  announceParts(deps, sender.app.num, answered, kind !== null, settlingOf(request, facts).containers);
}

/** What an answer is made of: items, and containers that its tools have run in. */
export function announceParts(
  { objects, accountant, now }: Pick<GatewayDeps, 'objects' | 'accountant' | 'now'>,
  appNum: number,
  answered: AnsweredObjects,
  isKept: boolean,
  sizes: ContainerSizes,
): void {
  const atMs = accountant.tick(now());
  const items = isKept ? [...answered.itemIds, ...answered.heldIds] : answered.heldIds;
  for (const id of new Set(items)) objects.announce({ id, kind: 'item', appNum, atMs });
  for (const { id, tool } of answered.containers) {
    // One that the request has named is whose it was.
    if (id === null || Object.hasOwn(sizes.named, id) || objects.get(id)) continue;
    objects.announce({ id, kind: 'container', appNum, atMs, detail: containerDetail(sizes[tool]) });
  }
}

function keptKind({ route, facts }: SpendingRequest): ObjectKind | null {
  if (!facts?.keepsAnswer) return null;
  if (route.creates === 'response') return 'response';
  return route.access.kind === 'metered' && route.access.meter === 'chat' ? 'completion' : null;
}

/** A free answer that names an object: the one it has created, and files that came with it. */
export function announceCreated(request: SpendingRequest, answer: Json): void {
  const { deps, sender, route, facts } = request;
  const id = idOf(answer);
  if (route.creates && id !== null) {
    const tokens = route.creates === 'conversation' ? (facts?.addsBytes ?? null) : null;
    announce(request, id, route.creates, { model: null, tokens }, facts?.createdDetail ?? null);
  }
  announceFiles(deps, sender, answer);
  // An upload that is complete has become a file.
  const file = isJsonObject(answer['file']) ? idOf(answer['file']) : null;
  if (file !== null) announce(request, file, 'file');
}

/**
 * A list as the app may see it: without what other apps have made. Null when it is no list. Which entries
 * there are more of is OpenAI's to say, so a page may be short.
 */
export function ownPartOf(request: SpendingRequest, list: Json): string | Promise<string> | null {
  const { deps, sender } = request;
  const { data } = list;
  if (!Array.isArray(data)) return null;
  const show = (): string => {
    const own = data.filter((entry: unknown) => {
      const id = isJsonObject(entry) ? idOf(entry) : null;
      if (id === null || !deps.objects.isOpenTo(sender.app, id)) return false;
      // What a batch has written is whose the batch is, and nobody has asked about that one so far.
      const isWritten = isJsonObject(entry) && entry['purpose'] === 'batch_output';
      return !isWritten || deps.objects.get(id) !== null;
    });
    const ends = 'first_id' in list ? { first_id: idOf(own[0]), last_id: idOf(own.at(-1)) } : {};
    return JSON.stringify({ ...list, data: own, ...ends });
  };
  const ids = data.flatMap((entry: unknown) => (isJsonObject(entry) ? (idOf(entry) ?? []) : []));
  const loading = deps.objects.load(ids);
  return loading ? loading.then(show) : show();
}

function announce(
  { deps, sender }: SpendingRequest,
  id: string,
  kind: ObjectKind,
  context: Pick<OwnedObject, 'model' | 'tokens'> = { model: null, tokens: null },
  detail: string | null = null,
): void {
  const atMs = deps.accountant.tick(deps.now());
  deps.objects.announce({ id, kind, appNum: sender.app.num, atMs, ...context, detail });
}

function idOf(object: unknown): string | null {
  const id = isJsonObject(object) ? object['id'] : null;
  return typeof id === 'string' && id !== '' && id.length <= 200 ? id : null;
}
