import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ShellClient } from '../../api/client.ts';
import { useEngineStatus } from '../../api/queries.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Section } from '../../components/section.tsx';
import { settingsText } from '../../text/settings.ts';
import { shellAbout } from './shell-about.ts';

const { about: text } = settingsText;

/** Where things are, and what runs. */
export function AboutTab({ shell }: { readonly shell: ShellClient | null }): ReactNode {
  const status = useEngineStatus();
  const desktop = useQuery(shellAbout(shell)).data;
  if (!status) return <LoadingRows rows={10} />;
  const report = [
    `Tollgate ${status.version}`,
    ...(desktop
      ? [`Electron ${desktop.electron}, Chromium ${desktop.chromium}, Node.js ${desktop.node}`]
      : []),
    ...(desktop ? [`${desktop.platform} ${desktop.arch}`] : []),
    navigator.userAgent,
  ].join('\n');
  return (
    <>
      <Section title={text.data}>
        <Facts>
          <Fact name={text.folder} value={<Path path={status.dataDir} label={text.copyFolder} />} />
          <Fact
            name={text.log}
            value={
              status.logPath === null ? (
                <span className="tg-dim">{text.noLog}</span>
              ) : (
                <Path path={status.logPath} label={text.copyLog} />
              )
            }
          />
          <Fact name={text.export} value={<To path="/requests">{text.exportLink}</To>} />
          <Fact name={text.webhook} value={<To path="/alerts">{text.webhookLink}</To>} />
        </Facts>
      </Section>
      <Section title={text.engine} actions={<CopyButton text={report} label={text.copy} withLabel />}>
        <Facts>
          <Fact name={text.version} value={status.version} />
          <Fact name={text.baseUrl} value={mono(status.baseUrl)} />
          <Fact name={text.dashboardUrl} value={mono(status.dashboardUrl)} />
          <Fact
            name={text.upstream}
            value={
              <>
                {mono(status.upstream)} {status.simulated && <span className="tg-dim">{text.simulated}</span>}
              </>
            }
          />
          <Fact name={text.zone} value={status.zone} />
          <Fact name={text.started} value={<RelativeTime at={status.startedAt} />} />
          <Fact name={text.process} value={<span className="tg-num">{status.pid}</span>} />
        </Facts>
      </Section>
      {desktop && (
        <Section title={text.desktop}>
          <Facts>
            <Fact name={text.version} value={desktop.version} />
            <Fact name={text.electron} value={desktop.electron} />
            <Fact name={text.chromium} value={desktop.chromium} />
            <Fact name={text.node} value={desktop.node} />
            <Fact name={text.system} value={`${desktop.platform} ${desktop.arch}`} />
            <Fact name={text.packaged} value={desktop.packaged ? text.yes : text.clone} />
          </Facts>
        </Section>
      )}
    </>
  );
}

function mono(words: string | null): ReactNode {
  return words === null ? null : <code className="tg-mono">{words}</code>;
}

function Path({ path, label }: { readonly path: string; readonly label: string }): ReactNode {
  return (
    <span className="tg-settings-path">
      <code className="tg-mono">{path}</code>
      <CopyButton text={path} label={label} />
    </span>
  );
}

function To(props: { readonly path: '/requests' | '/alerts'; readonly children: string }): ReactNode {
  return (
    <Anchor
      inherit
      renderRoot={(anchor) => (
        <Link {...anchor} to={props.path}>
          {props.children}
        </Link>
      )}
    />
  );
}
