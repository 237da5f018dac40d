import {
  ActionIcon,
  Button,
  CloseButton,
  Group,
  Popover,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { IconBookmark } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { SearchText } from '../../router/search.ts';
import { requestsText as text } from '../../text/requests.ts';
import { NO_FILTER } from './filter-bar.tsx';
import { FILTER_NAMES } from './request-filter.ts';
import { useStored } from './use-stored.ts';

interface View {
  readonly name: string;
  readonly search: SearchText;
}

const READY: readonly View[] = [
  { name: text.views.running, search: { outcome: 'open' } },
  { name: text.views.refused, search: { outcome: 'refused' } },
  { name: text.views.upstream, search: { outcome: 'voided' } },
  { name: text.views.unsure, search: { outcome: 'estimated,charged-at-bound' } },
];

export interface SavedViewsProps {
  /** What stands in the address now. */
  readonly search: Readonly<SearchText>;
  onChange(patch: Readonly<Record<string, string | undefined>>): void;
}

/** Filters under a name, kept in this browser. */
export function SavedViews({ search, onChange }: SavedViewsProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [own, setOwn] = useStored('tollgate.requests.views', parseViews);
  const [name, setName] = useState('');
  const now = onlyFilter(search);
  const show = (view: View): void => {
    onChange({ ...NO_FILTER, ...view.search });
    setOpen(false);
  };
  const save = (): void => {
    const view = { name: name.trim().slice(0, 60), search: now };
    if (view.name === '') return;
    setOwn([...own.filter((other) => other.name !== view.name), view]);
    setName('');
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus withRoles shadow="md" position="bottom-end">
      <Popover.Target>
        <Tooltip label={text.views.button} disabled={isOpen}>
          <ActionIcon variant="default" aria-label={text.views.button} onClick={() => setOpen(!isOpen)}>
            <IconBookmark size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <Stack gap={4} w={240}>
          {own.length > 0 && <Label>{text.views.own}</Label>}
          {own.map((view) => (
            <Group key={view.name} gap={4} wrap="nowrap">
              <ViewButton view={view} onShow={show} />
              <CloseButton
                size="sm"
                aria-label={text.views.remove(view.name)}
                onClick={() => setOwn(own.filter((other) => other !== view))}
              />
            </Group>
          ))}
          <Label>{text.views.ready}</Label>
          {READY.map((view) => (
            <ViewButton key={view.name} view={view} onShow={show} />
          ))}
          <div className="tg-views-save">
            {Object.keys(now).length === 0 ? (
              <Text size="xs" c="dimmed">
                {text.views.nothing}
              </Text>
            ) : (
              <form
                onSubmit={(event) => {
                  event.preventDefault();
                  save();
                }}
              >
                <Group gap={6} wrap="nowrap">
                  <TextInput
                    size="xs"
                    flex={1}
                    maxLength={60}
                    aria-label={text.views.name}
                    placeholder={text.views.name}
                    value={name}
                    onChange={({ currentTarget }) => setName(currentTarget.value)}
                  />
                  <Button type="submit" disabled={name.trim() === ''}>
                    {text.views.save}
                  </Button>
                </Group>
              </form>
            )}
          </div>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Label({ children }: { readonly children: string }): ReactNode {
  return (
    <Text size="xs" c="dimmed" px={8} pt={4}>
      {children}
    </Text>
  );
}

function ViewButton({ view, onShow }: { readonly view: View; onShow(view: View): void }): ReactNode {
  return (
    <Button
      variant="subtle"
      color="gray"
      justify="start"
      fullWidth
      px={8}
      fw={400}
      onClick={() => onShow(view)}
    >
      {view.name}
    </Button>
  );
}

function onlyFilter(search: Readonly<SearchText>): SearchText {
  const set = FILTER_NAMES.flatMap((name) => (search[name] ? [[name, search[name]]] : []));
  return Object.fromEntries(set) as SearchText;
}

function parseViews(stored: unknown): readonly View[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter((view: unknown): view is View => {
    if (typeof view !== 'object' || view === null || !('name' in view) || !('search' in view)) return false;
    const { name, search } = view;
    if (typeof name !== 'string' || typeof search !== 'object' || search === null) return false;
    return Object.values(search).every((value) => typeof value === 'string');
  });
}
