import { Button, Progress, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { Section } from '../../components/section.tsx';
import { count } from '../../format/count.ts';
import { useShortcuts } from '../../palette/shortcuts.ts';
import { useSearchFilter } from '../../router/search.ts';
import { securityText } from '../../text/security.ts';
import { ScanOutcome } from './scan-outcome.tsx';
import { useScan } from './use-scan.ts';

const { scan: text, shortcuts } = securityText;

const parseSearch = (search: Readonly<Record<string, string>>): { readonly isAsked: boolean } => ({
  isAsked: search['scan'] === 'usual',
});

/** Looks for keys in files, of the usual places or of one folder. */
export function ScanSection(): ReactNode {
  const [{ isAsked }, change] = useSearchFilter(parseSearch);
  const [where, setWhere] = useState<'usual' | 'folder'>('usual');
  const [path, setPath] = useState('');
  const { scan, start, cancel } = useScan();
  const isRunning = scan.state === 'running';
  const isWhole = where === 'usual' || /^(\/|[A-Za-z]:[\\/])/.test(path.trim());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isWhole) start(where === 'usual' ? undefined : path.trim());
  };
  useShortcuts([{ keys: 'f', label: shortcuts.scan, run: () => start(undefined) }]);
  // The palette leads here by the address; it is asked for once, and not again by going back.
  useEffect(() => {
    if (!isAsked) return;
    change({ scan: undefined });
    start(undefined);
  }, [isAsked, change, start]);

  return (
    <Section title={text.title} lead={text.lead}>
      <form className="tg-scan" onSubmit={submit}>
        <SegmentedControl
          aria-label={text.where}
          value={where}
          disabled={isRunning}
          data={[
            { value: 'usual', label: text.usual },
            { value: 'folder', label: text.folder },
          ]}
          onChange={(value) => setWhere(value === 'folder' ? 'folder' : 'usual')}
        />
        {where === 'folder' ? (
          <TextInput
            className="tg-scan-path"
            aria-label={text.path}
            placeholder={text.pathPlaceholder}
            spellCheck={false}
            value={path}
            disabled={isRunning}
            error={path !== '' && !isWhole && text.pathProblem}
            onChange={({ currentTarget }) => setPath(currentTarget.value)}
          />
        ) : (
          <span className="tg-dim tg-scan-path">{text.usualWhat}</span>
        )}
        {isRunning ? (
          <Button variant="default" onClick={cancel}>
            {text.cancel}
          </Button>
        ) : (
          <Button type="submit" leftSection={<IconSearch size={14} />} disabled={!isWhole}>
            {scan.state === 'idle' ? text.start : text.again}
          </Button>
        )}
      </form>
      {where === 'folder' && scan.state === 'idle' && <p className="tg-scan-hint tg-dim">{text.pathHint}</p>}
      {isRunning && (
        <div className="tg-scan-running" role="status">
          <Progress value={100} animated size="xs" aria-label={text.title} />
          <span className="tg-dim tg-num">
            {text.running(count(scan.files))} {scan.leaks.length > 0 && text.found(scan.leaks.length)}
          </span>
        </div>
      )}
      <ScanOutcome scan={scan} />
    </Section>
  );
}
