import type { ObjectKind } from '../contract/object-kinds.ts';
import type { Journal } from '../ledger/journal.ts';
import type { ObjectRecord } from '../ledger/object-rows.ts';
import type { App } from '../ledger/registry.ts';
import { type Refusal, refuse } from './refusal.ts';

/** So many objects are kept in memory; of older ones the ledger is asked. */
const MAX_REMEMBERED = 20_000;

export interface OwnedObject {
  readonly kind: ObjectKind;
  readonly appNum: number;
  readonly detail: string | null;
  /** The price row that `tokens` were counted for; null where they are bytes, which bound any model's. */
  readonly model: string | null;
  /** Tokens of the context it carries, at most; null when that is not known. */
  readonly tokens: number | null;
  /** Of what was added to its context last. */
  readonly epoch: number;
}

/** Something that is being added to a conversation, and what was known of it before. */
export interface ContextAddition {
  readonly id: string;
  readonly epoch: number;
  /** Whether nothing else was being added when it began. */
  readonly isAlone: boolean;
  readonly before: Pick<OwnedObject, 'model' | 'tokens'>;
}

export interface NewObject {
  readonly id: string;
  readonly kind: ObjectKind;
  readonly appNum: number;
  readonly atMs: number;
  readonly model?: string | null;
  readonly tokens?: number | null;
  readonly detail?: string | null;
}

/**
 * Which app has made what at OpenAI. Objects there belong to the whole project, so without this any app
 * could read, continue or delete what another keeps. An id belongs for ever to the app that it was first
 * told to; one that was never told to anybody passes only for apps that were allowed foreign ids.
 *
 * It also knows how much context a response or conversation carries, which bounds what continuing costs.
 */
export class OwnedObjects {
  readonly #journal: Journal;
  /** The longest unwritten first. */
  readonly #objects = new Map<string, OwnedObject>();
  /** By conversation: what is being added to it at this moment. */
  readonly #adding = new Map<string, number>();
  #lastEpoch = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /**
   * Null when an app may refer to all of these ids, else the refusal, which is the same for an id of
   * another app's and for one that does not exist. Afterwards {@link get} knows those that are known.
   */
  check(app: App, ids: readonly string[]): Refusal | null | Promise<Refusal | null> {
    const loading = this.load(ids);
    if (!loading) return this.#refusalOf(app, ids);
    return loading.then(
      () => this.#refusalOf(app, ids),
      () => refuse('ledger_unavailable'),
    );
  }

  /** Brings what is known of these ids into memory; null when it is there. Rejects without a ledger. */
  load(ids: readonly string[]): Promise<void> | null {
    const absent = ids.filter((id) => !this.#objects.has(id));
    if (absent.length === 0) return null;
    return this.#journal.call('objects', absent).then((records) => {
      for (const record of records) if (!this.#objects.has(record.id)) this.#remember(record);
    });
  }

  get(id: string): OwnedObject | null {
    return this.#objects.get(id) ?? null;
  }

  /** Of an id that was loaded: whether an app may know of it. */
  isOpenTo(app: App, id: string): boolean {
    const owner = this.#objects.get(id)?.appNum ?? null;
    return owner === app.num || (owner === null && app.policy.allow.includes('foreign-ids'));
  }

  /** An answer to an app has named an object that it has made. */
  announce({ id, kind, appNum, atMs, model = null, tokens = null, detail = null }: NewObject): void {
    const known = this.#objects.get(id);
    if (known && known.appNum !== appNum) return;
    if (known && known.model === model && known.tokens === tokens && detail === null) return;
    this.#put(id, {
      kind,
      appNum,
      model,
      tokens,
      detail: detail ?? known?.detail ?? null,
      epoch: known?.epoch ?? 0,
    });
    this.#journal.append({ kind: 'object', id, objectKind: kind, appNum, atMs, model, tokens, detail });
  }

  /**
   * The tokens that continuing from these objects adds to a request to a model at most; null when that
   * is not known.
   */
  contextTokens(ids: readonly string[], model: string): number | null {
    let total = 0;
    for (const id of ids) {
      const object = this.#objects.get(id);
      if (!object || object.tokens === null) return null;
      if (object.model !== null && object.model !== model) return null;
      total += object.tokens;
    }
    return total;
  }

  /**
   * Something is about to be added to a conversation: until it is known how much, its context is not.
   * To be ended once, with {@link endAddition}.
   */
  beginAddition(id: string, atMs: number): ContextAddition {
    const object = this.#objects.get(id);
    const underway = this.#adding.get(id) ?? 0;
    this.#adding.set(id, underway + 1);
    this.#lastEpoch += 1;
    const epoch = this.#lastEpoch;
    const { model = null, tokens = null } = object ?? {};
    if (object) this.#put(id, { ...object, epoch, tokens: null });
    if (object && tokens !== null) this.#write(id, { ...object, tokens: null }, atMs);
    return { id, epoch, isAlone: underway === 0, before: { model, tokens } };
  }

  /**
   * What the conversation carries now. Nobody knows it where something else was being added at the same
   * time: neither has read what the other has written.
   */
  endAddition(addition: ContextAddition, known: Pick<OwnedObject, 'model' | 'tokens'>, atMs: number): void {
    const { id, epoch, isAlone } = addition;
    const underway = (this.#adding.get(id) ?? 1) - 1;
    if (underway > 0) this.#adding.set(id, underway);
    else this.#adding.delete(id);
    const object = this.#objects.get(id);
    if (!object || !isAlone || object.epoch !== epoch) return;
    this.#put(id, { ...object, ...known });
    this.#write(id, { ...object, ...known }, atMs);
  }

  #refusalOf(app: App, ids: readonly string[]): Refusal | null {
    const closed = ids.find((id) => !this.isOpenTo(app, id));
    return closed === undefined ? null : refuse('object_unknown', { app: app.name, id: closed.slice(0, 80) });
  }

  #remember({ id, ...record }: ObjectRecord): void {
    this.#put(id, { ...record, epoch: 0 });
  }

  #put(id: string, object: OwnedObject): void {
    this.#objects.delete(id);
    this.#objects.set(id, object);
    if (this.#objects.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#objects.keys()) {
      this.#objects.delete(oldest);
      break;
    }
  }

  #write(id: string, { kind, appNum, model, tokens }: OwnedObject, atMs: number): void {
    this.#journal.append({ kind: 'object', id, objectKind: kind, appNum, atMs, model, tokens, detail: null });
  }
}
