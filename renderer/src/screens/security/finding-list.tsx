import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Finding } from '../../../../proxy/contract/checklist.ts';
import { Section } from '../../components/section.tsx';
import { securityText as text } from '../../text/security.ts';
import { FindingRow } from './finding-row.tsx';

/** What is open first; what is in order can be looked at. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  const [isShown, setShown] = useState(false);
  const open = findings.filter(({ state }) => state === 'open');
  const unknown = findings.filter(({ state }) => state === 'unknown');
  const ok = findings.filter(({ state }) => state === 'ok' || state === 'confirmed');
  // With nothing else to show, hiding it would leave an empty page.
  const isAllOk = open.length + unknown.length === 0;
  return (
    <>
      {open.length > 0 && <Group title={text.groups.open} findings={open} />}
      {unknown.length > 0 && <Group title={text.groups.unknown} findings={unknown} />}
      {ok.length > 0 && (
        <Section
          title={text.groups.ok}
          isFlush
          actions={
            !isAllOk && (
              <Button
                variant="subtle"
                color="gray"
                aria-expanded={isShown}
                onClick={() => setShown(!isShown)}
              >
                {isShown ? text.hide : text.show(ok.length)}
              </Button>
            )
          }
        >
          {isShown || isAllOk ? <Rows findings={ok} /> : undefined}
        </Section>
      )}
    </>
  );
}

function Group(props: { readonly title: string; readonly findings: readonly Finding[] }): ReactNode {
  return (
    <Section title={props.title} isFlush>
      <Rows findings={props.findings} />
    </Section>
  );
}

function Rows({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  return (
    <ul className="tg-findings">
      {findings.map((finding) => (
        <FindingRow key={finding.id} finding={finding} />
      ))}
    </ul>
  );
}
