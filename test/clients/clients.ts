import type { Client } from './client.ts';
import { codexCli } from './codex-cli.ts';
import { langchain } from './langchain.ts';
import { openaiSdk } from './openai-sdk.ts';
import { vercelAiSdk } from './vercel-ai-sdk.ts';

/** In the order of the page's columns. */
export const CLIENTS: readonly Client[] = [openaiSdk, vercelAiSdk, langchain, codexCli];
