import {
  addContainer,
  type Container,
  DEFAULT_LIFETIME_MINUTES,
  readMemoryLimit,
  requireContainer,
} from './container-store.ts';
import { type HostedCall, phasedCall } from './hosted-call.ts';
import { objectId } from './object-ids.ts';
import { isObject, type Json, optionalArray } from './request-fields.ts';
import type { Simulation } from './simulation.ts';

/** What a tool ran in a container; the fee is for the container. */
export interface MachineWork {
  readonly calls: readonly HostedCall[];
  readonly container: Container;
  /** What it printed, for the model to read. */
  readonly printed: string;
}

export function runCode(tool: Json, simulation: Simulation): MachineWork {
  const given = tool['container'];
  const container = useContainer(typeof given === 'string' ? given : null, given, simulation);
  const call = phasedCall(
    {
      id: objectId('ci_'),
      type: 'code_interpreter_call',
      status: 'completed',
      container_id: container.id,
      code: 'print(sum(range(10)))',
      outputs: null,
    },
    'interpreting',
  );
  return { calls: [call], container, printed: '45' };
}

export function runShell(tool: Json, simulation: Simulation): MachineWork {
  const environment = isObject(tool['environment']) ? tool['environment'] : {};
  const named = environment['type'] === 'container_reference' ? String(environment['container_id']) : null;
  const container = useContainer(named, environment, simulation);
  const printed = 'report.txt\nresults.txt\n';
  return { calls: shellCalls(container.id, 'ls /mnt/data', printed), container, printed };
}

/** A shell without a container runs at the client. */
export function isHostedShell(tool: Json): boolean {
  const environment = tool['environment'];
  return isObject(environment) && /^container_/.test(String(environment['type']));
}

/** The container that was named, or a new one of the wished-for size. */
function useContainer(named: string | null, wish: unknown, simulation: Simulation): Container {
  if (named === null) {
    const fields = isObject(wish) ? wish : {};
    return addContainer(
      simulation,
      { name: 'auto', memoryLimit: readMemoryLimit(fields), lifetimeMinutes: DEFAULT_LIFETIME_MINUTES },
      optionalArray(fields, 'file_ids').map(String),
    );
  }
  const container = requireContainer(named, simulation);
  container.lastActiveAtMs = simulation.now();
  return container;
}

function shellCalls(containerId: string, command: string, stdout: string): HostedCall[] {
  const callId = objectId('call_', 12);
  const call = {
    id: objectId('sh_'),
    type: 'shell_call',
    status: 'completed',
    call_id: callId,
    action: { commands: [command], max_output_length: null, timeout_ms: null },
    environment: { type: 'container_reference', container_id: containerId },
  };
  const result = { stdout, stderr: '', outcome: { type: 'exit', exit_code: 0 } };
  const output = {
    id: objectId('sho_'),
    type: 'shell_call_output',
    status: 'completed',
    call_id: callId,
    max_output_length: null,
    output: [result],
  };
  const told = { item_id: output.id, command_index: 0 };
  return [
    {
      item: call,
      opened: { ...call, status: 'in_progress', action: { ...call.action, commands: [] } },
      progress: [
        { type: 'response.shell_call_command.added', fields: { command_index: 0, command: '' } },
        { type: 'response.shell_call_command.delta', fields: { command_index: 0, delta: command } },
        { type: 'response.shell_call_command.done', fields: { command_index: 0, command } },
      ],
    },
    {
      item: output,
      opened: { ...output, status: 'in_progress', output: [] },
      progress: [
        { type: 'response.shell_call_output_content.delta', fields: { ...told, delta: { stdout } } },
        { type: 'response.shell_call_output_content.done', fields: { ...told, output: [result] } },
      ],
    },
  ];
}
