import { OPT_INS } from '../../proxy/contract/app-policy.ts';
import type { ObjectKind } from '../../proxy/contract/object-kinds.ts';
import { chatLines } from '../helpers/batches.ts';
import { FORM_CONTENT_TYPE, type FormPart, formBody } from '../helpers/form-data.ts';
import { openTollgate, type Tollgate } from '../helpers/open-tollgate.ts';

export const MODEL = 'gpt-4o-mini';
const METADATA = { purpose: 'secret' };

export type OneOfEach = Readonly<Record<ObjectKind, string>>;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly json?: object;
  readonly form?: readonly FormPart[];
}

/** Two apps that have an object of every kind at OpenAI, and one that has nothing. */
export interface Owners {
  readonly tollgate: Tollgate;
  readonly owner: string;
  /** Allowed whatever an app can be allowed. */
  readonly thief: string;
  /** Allowed the same, but ids that Tollgate never saw. */
  readonly stranger: string;
  readonly theirs: OneOfEach;
  readonly mine: OneOfEach;
  ask(token: string, asked: Asked): Promise<Response>;
}

/** The caller closes the engine. */
export async function openOwners(): Promise<Owners> {
  // The proxy asks about batches by itself, which would be taken for what an app has asked.
  const never = { firstMs: 1e8, mostMs: 1e8 };
  const tollgate = await openTollgate({ config: { latePolling: { response: never, batch: never } } });
  const owner = await tollgate.createApp('owner', [], { allow: [...OPT_INS] });
  const thief = await tollgate.createApp('thief', [], { allow: [...OPT_INS] });
  const allow = OPT_INS.filter((optIn) => optIn !== 'foreign-ids');
  const stranger = await tollgate.createApp('stranger', [], { allow });
  return {
    tollgate,
    owner,
    thief,
    stranger,
    theirs: await makeOneOfEach(tollgate, owner),
    mine: await makeOneOfEach(tollgate, thief),
    ask: (token, { method, path, json, form }) => {
      const type = json ? 'application/json' : form ? FORM_CONTENT_TYPE : null;
      const body = json ? JSON.stringify(json) : form ? formBody(form) : null;
      const headers = { authorization: `Bearer ${token}`, ...(type ? { 'content-type': type } : {}) };
      return fetch(`${tollgate.baseUrl}${path}`, { method, headers, body });
    },
  };
}

async function makeOneOfEach(tollgate: Tollgate, token: string): Promise<OneOfEach> {
  const sdk = tollgate.sdk(token, { maxRetries: 0 });
  const { id: response, output } = await sdk.responses.create({ model: MODEL, input: 'Say hello' });
  const { id: conversation } = await sdk.conversations.create({ metadata: METADATA });
  const { id: completion } = await sdk.chat.completions.create({
    model: MODEL,
    messages: [{ role: 'user', content: 'Say hello' }],
    store: true,
    metadata: METADATA,
  });
  const lines = new File([chatLines([5]).join('\n')], 'lines.jsonl');
  const { id: file } = await sdk.files.create({ file: lines, purpose: 'batch' });
  const { id: upload } = await sdk.uploads.create({
    bytes: 4,
    filename: 'a.txt',
    mime_type: 'text/plain',
    purpose: 'user_data',
  });
  const { id: part } = await sdk.uploads.parts.create(upload, { data: new File(['toll'], 'part') });
  const { id: batch } = await sdk.batches.create({
    input_file_id: file,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  const { id: store } = await sdk.vectorStores.create({ name: 'tolls' });
  const { id: container } = await sdk.containers.create({ name: 'box' });
  const item = output[0]?.id ?? '';
  const ids = { response, conversation, completion, file, upload, part, batch, container, item };
  return { ...ids, 'vector-store': store };
}
