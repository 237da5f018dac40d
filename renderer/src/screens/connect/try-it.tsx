import { Anchor, Button, Loader } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TryResult } from '../../../../proxy/contract/snippets.ts';
import { api } from '../../api/client.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { Money } from '../../components/money.tsx';
import { ErrorNote, Note } from '../../components/note.tsx';
import { money } from '../../format/money.ts';
import { duration } from '../../format/time.ts';
import { useShortcuts } from '../../palette/shortcuts.ts';
import { connectText } from '../../text/connect.ts';
import type { ToolDetailProps } from './tool-detail.tsx';

const { tryIt: text, shortcuts } = connectText;

/** Sends one small request in the way of the tool, and says how it went. */
export function TryIt({ tool, app, model }: ToolDetailProps): ReactNode {
  const run = useMutation(api.snippets.tryIt.mutationOptions());
  const { possible, detail, capNanoUsd } = tool.tryIt;
  const start = (): void => {
    if (app && possible && !run.isPending) {
      run.mutate({ tool: tool.id, app: app.id, ...(model === null ? {} : { model }) });
    }
  };
  useShortcuts(possible ? [{ keys: 't', label: shortcuts.tryIt, run: start }] : []);
  return (
    <div className="tg-connect-panel">
      <p className="tg-connect-note">
        {detail}
        {possible && ` ${text.cap(money(capNanoUsd))}`}
      </p>
      {possible && (
        <div className="tg-connect-actions">
          <Button
            leftSection={<IconPlayerPlay size={14} />}
            disabled={app === null || run.isPending}
            onClick={start}
          >
            {run.isIdle ? text.button : text.again}
          </Button>
          {app === null && <span className="tg-dim">{text.needsApp}</span>}
          <span role="status" className="tg-dim tg-connect-running">
            {run.isPending && (
              <>
                <Loader size={14} aria-hidden="true" /> {text.running}
              </>
            )}
          </span>
        </div>
      )}
      {run.isError && <ErrorNote error={run.error} />}
      {run.isSuccess && <Outcome result={run.data} />}
    </div>
  );
}

function Outcome({ result }: { readonly result: TryResult }): ReactNode {
  const { ok, command, output, durationMs, requestId, costNanoUsd } = result;
  return (
    <>
      <Note tone={ok ? 'good' : 'bad'} role={ok ? 'status' : 'alert'} title={ok ? text.ok : text.failed}>
        {!ok && (requestId === null ? text.failedNoRequest : text.failedRequest)}
      </Note>
      <Facts>
        <Fact name={text.took} value={<span className="tg-num">{duration(durationMs)}</span>} />
        <Fact name={text.cost} value={<Money nanoUsd={costNanoUsd} reason={text.unknownCost} />} />
        <Fact
          name={text.request}
          value={
            requestId === null ? null : (
              <Anchor
                inherit
                renderRoot={(props) => (
                  <Link {...props} to="/requests/$requestId" params={{ requestId }}>
                    <span className="tg-mono">{requestId}</span>
                  </Link>
                )}
              />
            )
          }
        />
      </Facts>
      <h3 className="tg-connect-label">{text.output}</h3>
      <CodeBlock code={output === '' ? text.noOutput : readable(output)} wraps />
      <h3 className="tg-connect-label">{text.command}</h3>
      <CodeBlock code={command} />
    </>
  );
}

/** JSON on one line is there to be read as well. */
function readable(output: string): string {
  if (!output.startsWith('{')) return output;
  try {
    return JSON.stringify(JSON.parse(output), null, 2);
  } catch {
    // It only looks like JSON, or was cut: as it came.
    return output;
  }
}
