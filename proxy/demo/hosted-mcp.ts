import { type HostedCall, phases } from './hosted-call.ts';
import { objectId } from './object-ids.ts';
import { phrase } from './prose.ts';
import type { Json } from './request-fields.ts';
import { schemaSample } from './schema-sample.ts';
import type { SeededRandom } from './seeded-random.ts';

/*
 * Tools of a server elsewhere. No server is asked: each has one tool, and says one phrase. They cost the
 * tokens of their definitions and answers alone. Approvals are not simulated; every call is made.
 */
export interface McpCall {
  readonly call: HostedCall;
  /** What the model reads of it. */
  readonly text: string;
}

const INPUT_SCHEMA = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] };

/** The tools of the server, which the model reads before anything else. */
export function listMcpTools(tool: Json): McpCall {
  const tools = [
    { name: toolName(tool), description: 'Looks things up.', input_schema: INPUT_SCHEMA, annotations: null },
  ];
  const item = {
    id: objectId('mcpl_'),
    type: 'mcp_list_tools',
    server_label: String(tool['server_label'] ?? ''),
    tools,
    error: null,
  };
  return {
    call: { item, opened: { ...item, tools: [] }, progress: phases(item, ['in_progress', 'completed']) },
    text: JSON.stringify(tools),
  };
}

export function callMcpTool(tool: Json, random: SeededRandom): McpCall {
  const sent = JSON.stringify(schemaSample(INPUT_SCHEMA, random));
  const output = phrase(random);
  const item = {
    id: objectId('mcp_'),
    type: 'mcp_call',
    status: 'completed',
    server_label: String(tool['server_label'] ?? ''),
    name: toolName(tool),
    arguments: sent,
    output,
    error: null,
    approval_request_id: null,
  };
  const at = { item_id: item.id };
  return {
    call: {
      item,
      opened: { ...item, status: 'in_progress', arguments: '', output: null },
      progress: [
        { type: 'response.mcp_call.in_progress', fields: at },
        { type: 'response.mcp_call_arguments.delta', fields: { ...at, delta: sent } },
        { type: 'response.mcp_call_arguments.done', fields: { ...at, arguments: sent } },
        { type: 'response.mcp_call.completed', fields: at },
      ],
    },
    text: sent + output,
  };
}

function toolName(tool: Json): string {
  const allowed = tool['allowed_tools'];
  return Array.isArray(allowed) && typeof allowed[0] === 'string' ? allowed[0] : 'look_up';
}
