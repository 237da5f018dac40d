import { Button, CloseButton, Popover, Stack, TextInput } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { requestsText as text } from '../../text/requests.ts';

export interface TimeFilterProps {
  readonly since: string | undefined;
  readonly until: string | undefined;
  onChange(range: { readonly since: string | undefined; readonly until: string | undefined }): void;
}

const LASTS = Object.entries(text.filter.lasts);

/** From when until when: a span back from now, or days of the calendar. */
export function TimeFilter({ since, until, onChange }: TimeFilterProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const isSet = since !== undefined || until !== undefined;
  const day = (value: string | undefined): string =>
    value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : '';
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus withRoles shadow="md" position="bottom-start">
      <Popover.Target>
        <Button.Group>
          <Button
            variant="default"
            fw={400}
            className="tg-filter-time"
            data-set={isSet || undefined}
            aria-label={`${text.filter.timeLabel}: ${wordsOf(since, until)}`}
            leftSection={<IconCalendar size={14} stroke={1.7} />}
            onClick={() => setOpen(!isOpen)}
          >
            {wordsOf(since, until)}
          </Button>
          {isSet && (
            <CloseButton
              size={30}
              className="tg-filter-time-clear"
              aria-label={text.filter.remove(text.filter.timeLabel)}
              onClick={() => onChange({ since: undefined, until: undefined })}
            />
          )}
        </Button.Group>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={200}>
          {LASTS.map(([span, label]) => (
            <Button
              key={span}
              variant={since === span && until === undefined ? 'light' : 'subtle'}
              color="gray"
              justify="start"
              fw={400}
              onClick={() => {
                onChange({ since: span, until: undefined });
                setOpen(false);
              }}
            >
              {label}
            </Button>
          ))}
          <TextInput
            type="date"
            size="xs"
            label={text.filter.from}
            value={day(since)}
            max={day(until)}
            onChange={({ currentTarget }) => onChange({ since: currentTarget.value || undefined, until })}
          />
          <TextInput
            type="date"
            size="xs"
            label={text.filter.to}
            value={day(until)}
            min={day(since)}
            onChange={({ currentTarget }) => onChange({ since, until: currentTarget.value || undefined })}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function wordsOf(since: string | undefined, until: string | undefined): string {
  if (since === undefined && until === undefined) return text.filter.time;
  const last = until === undefined ? LASTS.find(([span]) => span === since) : undefined;
  return last?.[1] ?? text.filter.between(since, until);
}
