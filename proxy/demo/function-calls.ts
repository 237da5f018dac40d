import { schemaSample } from './schema-sample.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface FunctionTool {
  readonly name: string;
  readonly parameters: unknown;
}

export type ToolChoice =
  | { readonly kind: 'none' | 'auto' | 'required' }
  | { readonly kind: 'named'; readonly name: string };

/**
 * Which functions the model calls: the named one, any when it must, and with `auto` only when the user
 * asks for it (names the function, or says "call", "use", "tool" or "function") and no result came back yet.
 */
export function chooseCalls(
  tools: readonly FunctionTool[],
  choice: ToolChoice,
  userText: string,
  hasResult: boolean,
  random: SeededRandom,
): { name: string; arguments: unknown }[] {
  const tool = chosenTool(tools, choice, userText, hasResult, random);
  return tool ? [{ name: tool.name, arguments: schemaSample(tool.parameters ?? {}, random) }] : [];
}

function chosenTool(
  tools: readonly FunctionTool[],
  choice: ToolChoice,
  userText: string,
  hasResult: boolean,
  random: SeededRandom,
): FunctionTool | null {
  if (tools.length === 0 || choice.kind === 'none') return null;
  if (choice.kind === 'named') return tools.find((each) => each.name === choice.name) ?? null;
  if (choice.kind === 'required') return random.pick(tools);
  if (hasResult) return null;
  const said = userText.toLowerCase();
  const named = tools.find((each) => said.includes(each.name.toLowerCase().replaceAll('_', ' ')));
  const spelled = tools.find((each) => said.includes(each.name.toLowerCase()));
  if (named ?? spelled) return named ?? spelled ?? null;
  return /\b(call|use|tool|function)\b/.test(said) ? random.pick(tools) : null;
}
