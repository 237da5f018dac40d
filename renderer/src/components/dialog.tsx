import { Button, Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { commonText } from '../text/common.ts';
import './dialog.css';

export interface DialogProps extends Pick<ModalProps, 'size'> {
  readonly title: string;
  readonly isOpen: boolean;
  onClose(): void;
  /** Closed by a button of its own alone: for what is shown once, and must not go by accident. */
  readonly isHeld?: boolean;
  readonly children: ReactNode;
}

/** A dialog with a form in it: a click beside it does not throw away what was typed. */
export function Dialog({
  title,
  isOpen,
  onClose,
  isHeld = false,
  size = 560,
  children,
}: DialogProps): ReactNode {
  return (
    <Modal
      className="tg-dialog"
      opened={isOpen}
      onClose={onClose}
      title={title}
      size={size}
      padding={20}
      closeOnClickOutside={false}
      closeOnEscape={!isHeld}
      withCloseButton={!isHeld}
      overlayProps={{ backgroundOpacity: 0.45 }}
      closeButtonProps={{ 'aria-label': commonText.close }}
    >
      {children}
    </Modal>
  );
}

export interface DialogFootProps {
  /** What the form does. */
  readonly submit: string;
  readonly isPending: boolean;
  onCancel(): void;
}

/** Ends the form of a dialog. */
export function DialogFoot({ submit, isPending, onCancel }: DialogFootProps): ReactNode {
  return (
    <div className="tg-dialog-foot">
      <Button variant="default" onClick={onCancel}>
        {commonText.cancel}
      </Button>
      <Button type="submit" loading={isPending}>
        {submit}
      </Button>
    </div>
  );
}
