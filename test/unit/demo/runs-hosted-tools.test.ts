import type { Response as ApiResponse, Tool } from 'openai/resources/responses/responses';
import { expect, it } from 'vitest';
import type { BillRow } from '../../../proxy/demo/bill.ts';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { openSimulation } from './simulation-fixture.ts';

const SESSION = 30_000_000;
const inputOf = (answer: ApiResponse): number => answer.usage?.input_tokens ?? Number.NaN;
/** What a row costs besides its tokens, at the prices of gpt-4o. */
const feesOf = (row: BillRow | undefined, { usage }: ApiResponse): number =>
  (row?.costNanoUsd ?? 0) - (usage?.input_tokens ?? 0) * 2500 - (usage?.output_tokens ?? 0) * 10_000;

it('reads its whole context again after each call', async () => {
  const { client, bill } = await openSimulation();
  const once = await openSimulation({ rereadsContext: false });
  const body = {
    model: 'gpt-4o',
    input: `latest news ${'word '.repeat(500)}`,
    tools: [{ type: 'web_search' as const }],
  };
  const { input_tokens: prompt } = await client.responses.inputTokens.count(body);
  for (const most of [1, 2, 3]) {
    const answer = await client.responses.create({ ...body, max_tool_calls: most });
    const short = await once.client.responses.create({ ...body, max_tool_calls: most });
    const calls = answer.tool_usage?.web_search.num_requests ?? 0;
    expect(short.tool_usage?.web_search.num_requests).toBe(calls);
    expect(inputOf(short)).toBeGreaterThanOrEqual(prompt + calls * 300);
    expect(inputOf(short)).toBeLessThanOrEqual(prompt + calls * 900);
    // Every reading but the first sees what was found by then: the last one sees all of it.
    const found = inputOf(short) - prompt;
    expect(inputOf(answer)).toBeGreaterThanOrEqual((calls + 1) * prompt + found);
    expect(inputOf(answer)).toBeLessThanOrEqual((calls + 1) * prompt + calls * found);
    if (calls === 1) expect(inputOf(answer)).toBe(2 * prompt + found);
  }
  expect(bill.rows.map((each) => (each.usage as { input_tokens: number }).input_tokens)).not.toContain(
    prompt,
  );
});

it('finds a long prompt in the cache when it reads it again', async () => {
  const { client } = await openSimulation();
  const answer = await client.responses.create({
    model: 'gpt-6.2-sol',
    input: `search ${'word '.repeat(2000)}`,
    tools: [{ type: 'web_search' }],
    max_tool_calls: 1,
  });
  const { cache_write_tokens, cached_tokens } = answer.usage?.input_tokens_details ?? {};
  expect(cache_write_tokens).toBeGreaterThanOrEqual(1920);
  expect(cached_tokens).toBe(cache_write_tokens);
});

it('finds less or more as the context size of the search says', async () => {
  const { client } = await openSimulation({ rereadsContext: false });
  const found = async (search_context_size: 'low' | 'medium' | 'high'): Promise<number> => {
    const body = {
      model: 'gpt-4o',
      input: 'search',
      tools: [{ type: 'web_search' as const, search_context_size }],
    };
    const { input_tokens } = await client.responses.inputTokens.count(body);
    return inputOf(await client.responses.create({ ...body, max_tool_calls: 1 })) - input_tokens;
  };
  expect(await found('low')).toBeLessThanOrEqual(450);
  expect(await found('medium')).toBeGreaterThanOrEqual(300);
  expect(await found('high')).toBeGreaterThanOrEqual(600);
});

it.each([
  ['1g', 1],
  ['4g', 4],
  ['64g', 64],
] as const)('pays for a container by its memory: %s', async (memory_limit, factor) => {
  const { client, bill } = await openSimulation();
  const run = async (tool: Tool, input: string): Promise<ApiResponse> =>
    client.responses.create({ model: 'gpt-4o', input, tools: [tool] });
  const code = await run(
    { type: 'code_interpreter', container: { type: 'auto', memory_limit } },
    'run python',
  );
  const shell = await run(
    { type: 'shell', environment: { type: 'container_auto', memory_limit } },
    'use the shell',
  );
  expect(feesOf(bill.rows[0], code)).toBe(factor * SESSION);
  expect(feesOf(bill.rows[1], shell)).toBe(factor * SESSION);
  const [made] = code.output;
  if (made?.type !== 'code_interpreter_call') throw new Error('expected a call');
  expect((await client.containers.retrieve(made.container_id)).memory_limit).toBe(memory_limit);
});

it('pays once for two tools in one container', async () => {
  const { client, bill } = await openSimulation();
  const { id } = await client.containers.create({ name: 'box', memory_limit: '4g' });
  bill.reset();
  const answer = await client.responses.create({
    model: 'gpt-4o',
    input: 'run python and the shell',
    tools: [
      { type: 'code_interpreter', container: id },
      { type: 'shell', environment: { type: 'container_reference', container_id: id } },
    ],
  });
  expect(answer.output.map((each) => each.type)).toEqual([
    'code_interpreter_call',
    'shell_call',
    'shell_call_output',
    'message',
  ]);
  expect(answer.output[1]).toMatchObject({ environment: { type: 'container_reference', container_id: id } });
  expect(feesOf(bill.rows[0], answer)).toBe(4 * SESSION);
});

it('leaves a shell without a container to the client', async () => {
  const { client } = await openSimulation();
  const body = { model: 'gpt-4o', input: 'use the shell' };
  for (const tool of [
    { type: 'shell' },
    { type: 'shell', environment: { type: 'local' } },
  ] satisfies Tool[]) {
    const answer = await client.responses.create({ ...body, tools: [tool] });
    expect(answer.output.map((each) => each.type)).toEqual(['message']);
  }
});

it('asks a server for its tools and calls one, for tokens alone', async () => {
  const { client, bill } = await openSimulation({ rereadsContext: false });
  const { count } = await loadTokenizer();
  const tools: Tool[] = [{ type: 'mcp', server_label: 'docs', server_url: 'https://example.com' }];
  const body = { model: 'gpt-4o', input: 'ask the server', tools };
  const { input_tokens } = await client.responses.inputTokens.count(body);
  const answer = await client.responses.create(body);
  const [listed, called] = answer.output;
  if (listed?.type !== 'mcp_list_tools' || called?.type !== 'mcp_call') throw new Error('expected both');
  expect(listed).toMatchObject({ server_label: 'docs', tools: [{ name: 'look_up' }] });
  expect(called).toMatchObject({ server_label: 'docs', name: 'look_up', status: 'completed' });
  expect(inputOf(answer)).toBe(
    input_tokens + count(JSON.stringify(listed.tools)) + count(`${called.arguments}${called.output}`),
  );
  expect(feesOf(bill.rows[0], answer)).toBe(0);
  const unasked = await client.responses.create({ ...body, input: 'hi' });
  expect(unasked.output.map((each) => each.type)).toEqual(['mcp_list_tools', 'message']);
});

it('makes no more calls than it may', async () => {
  const { client } = await openSimulation();
  const tools: Tool[] = [
    { type: 'mcp', server_label: 'docs' },
    { type: 'web_search' },
    { type: 'code_interpreter', container: { type: 'auto' } },
  ];
  const body = { model: 'gpt-4o', input: 'search, run python, ask the server', tools };
  const calls = async (max_tool_calls: number): Promise<number> => {
    const { output } = await client.responses.create({ ...body, max_tool_calls });
    return output.filter((each) => each.type.endsWith('_call')).length;
  };
  expect([await calls(1), await calls(2)]).toEqual([1, 2]);
  await expect(calls(0)).rejects.toMatchObject({ param: 'max_tool_calls' });
});

it('streams what each tool does', async () => {
  const { client } = await openSimulation();
  const tools: Tool[] = [
    { type: 'mcp', server_label: 'docs' },
    { type: 'shell', environment: { type: 'container_auto' } },
  ];
  const types: string[] = [];
  for await (const event of await client.responses.create({
    model: 'gpt-4o',
    input: 'shell and server',
    tools,
    stream: true,
  }))
    types.push(event.type);
  for (const type of [
    'response.mcp_list_tools.completed',
    'response.mcp_call_arguments.done',
    'response.mcp_call.completed',
    'response.shell_call_command.done',
    'response.shell_call_output_content.done',
  ])
    expect(types).toContain(type);
});

it('does not run with what is not there', async () => {
  const { client, bill } = await openSimulation();
  const missing: Tool[] = [
    { type: 'file_search', vector_store_ids: ['vs_0'] },
    { type: 'code_interpreter', container: 'cntr_0' },
    { type: 'code_interpreter', container: { type: 'auto', file_ids: ['file-0'] } },
    { type: 'shell', environment: { type: 'container_reference', container_id: 'cntr_0' } },
  ];
  for (const tool of missing) {
    await expect(
      client.responses.create({ model: 'gpt-4o', input: 'hi', tools: [tool] }),
    ).rejects.toMatchObject({ status: 404 });
  }
  expect(bill.rows).toEqual([]);
});

it('does not run in a container that has expired', async () => {
  let now = Date.UTC(2026, 10, 23);
  const { client } = await openSimulation({ now: () => now });
  const { id } = await client.containers.create({ name: 'box' });
  const run = (): Promise<ApiResponse> =>
    client.responses.create({
      model: 'gpt-4o',
      input: 'run python',
      tools: [{ type: 'code_interpreter', container: id }],
    });
  now += 19 * 60_000;
  await run();
  now += 19 * 60_000;
  await run();
  now += 20 * 60_000;
  await expect(run()).rejects.toMatchObject({ code: 'container_not_found' });
});
