import type { ToolEntry } from './tool-entry.ts';
import { AGENTS } from './tools/agents.ts';
import { EDITORS_AND_APPS } from './tools/editors-and-apps.ts';
import { LIBRARIES } from './tools/libraries.ts';

/** Every tool that people point at an OpenAI endpoint, the simplest way first. */
export const TOOLS: readonly ToolEntry[] = [...LIBRARIES, ...AGENTS, ...EDITORS_AND_APPS];
