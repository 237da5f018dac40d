import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import type { KeyStatus } from '../../../../proxy/contract/keys.ts';
import { keyText } from '../../text/key.ts';
import { ChangeKey } from './change-key.tsx';

export interface RotateDialogProps {
  readonly status: KeyStatus;
  onClose(): void;
}

export function RotateDialog({ status, onClose }: RotateDialogProps): ReactNode {
  return (
    <Modal opened onClose={onClose} title={keyText.change.title} size="md">
      <p className="tg-key-lead">{keyText.change.lead}</p>
      <ChangeKey status={status} onClose={onClose} />
    </Modal>
  );
}
