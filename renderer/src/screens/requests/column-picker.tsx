import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { requestsText as text } from '../../text/requests.ts';
import { REQUEST_COLUMNS, USUAL_COLUMNS } from './request-columns.tsx';

export interface ColumnPickerProps {
  readonly picked: readonly string[];
  onPick(picked: readonly string[]): void;
}

export function ColumnPicker({ picked, onPick }: ColumnPickerProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const turn = (id: string): void => {
    const next = picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id];
    if (next.length > 0) onPick(next);
  };
  return (
    <Menu closeOnItemClick={false} opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        <Tooltip label={text.picker.button} disabled={isOpen}>
          <ActionIcon variant="default" aria-label={text.picker.button}>
            <IconColumns size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown mah={540} style={{ overflowY: 'auto' }}>
        {REQUEST_COLUMNS.map(({ id, header }) => (
          <Menu.CheckboxItem key={id} checked={picked.includes(id)} onChange={() => turn(id)}>
            {header}
          </Menu.CheckboxItem>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => onPick(USUAL_COLUMNS)}>{text.picker.reset}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
