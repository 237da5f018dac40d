import { jsonAnswer } from './generation.ts';
import { modelNotFound } from './openai-error.ts';
import type { Route } from './simulation.ts';

/** GET /v1/models */
export const listModels: Route = (_call, simulation) =>
  jsonAnswer({ object: 'list', data: simulation.catalog.names.map(modelObject) });

/** GET /v1/models/{model} */
export const retrieveModel: Route = (call, simulation) => {
  const name = call.ids[0] ?? '';
  if (!simulation.catalog.find(name)) throw modelNotFound(name);
  return jsonAnswer(modelObject(name));
};

/** 2026-01-01, the same for every model: only the shape matters here. */
const CREATED = 1_767_225_600;

function modelObject(name: string): unknown {
  return { id: name, object: 'model', created: CREATED, owned_by: 'system', shutdown_date: null };
}
