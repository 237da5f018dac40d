import type { Metered, UsagePart } from './metered.ts';
import { picturesOf, toolCallsOf } from './tool-usage.ts';
import { isJsonObject, type OutputKind, readUsage } from './usage-shapes.ts';

/** What a whole answer, or the object in a stream's last event, says of its usage. */
export function meteredFromAnswer(answer: Readonly<Record<string, unknown>>, output: OutputKind): Metered {
  const model = typeof answer['model'] === 'string' ? answer['model'] : null;
  const serviceTier = typeof answer['service_tier'] === 'string' ? answer['service_tier'] : null;
  if (answer['usage'] === undefined || answer['usage'] === null)
    return { kind: 'missing', model, serviceTier };
  const read = readUsage(answer['usage'], output);
  if (!read.ok) return { kind: 'bad', problem: read.problem, model };
  const parts: UsagePart[] = [{ model, usage: read.usage }];
  const svg = answer['svg_usage'];
  if (isJsonObject(svg)) {
    // Vector images are finished by a text model that is billed beside the image model.
    const extra = readUsage(svg, 'text');
    if (!extra.ok) return { kind: 'bad', problem: extra.problem, model };
    parts.push({ model: typeof svg['model'] === 'string' ? svg['model'] : model, usage: extra.usage });
  }
  const tools = toolCallsOf(answer);
  const pictures = picturesOf(answer);
  if (!tools || pictures === undefined) {
    return { kind: 'bad', problem: 'the cost of a hosted tool is not told', model };
  }
  return { kind: 'usage', parts, tools, pictures, serviceTier };
}

export function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Said twice, the larger one counts: what comes later must not lower what was booked. */
export function dearer(booked: Metered, next: Metered): Metered {
  return tokensOf(next) >= tokensOf(booked) ? next : booked;
}

function tokensOf(metered: Metered): number {
  if (metered.kind === 'missing') return Number.NEGATIVE_INFINITY;
  if (metered.kind === 'bad') return Number.POSITIVE_INFINITY;
  return metered.parts.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0);
}
