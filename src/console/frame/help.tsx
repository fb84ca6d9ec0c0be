import { CircleHelp } from 'lucide-react'
import { useState } from 'react'
import { Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './button.tsx'
import styles from './help-sheet.module.css'
import { HelpSheet } from './help-sheet.tsx'
import { useShortcuts } from './use-shortcuts.ts'

/** The button, and the key, that open the list of keys. */
export function Help() {
  const [isOpen, setOpen] = useState(false)
  const open = (): void => {
    setOpen(true)
  }
  useShortcuts('Anywhere', { '?': { label: 'This list of keys', run: open } })
  return (
    <>
      <Button kind="quiet" label="Keyboard shortcuts" onPress={open}>
        <CircleHelp size={16} aria-hidden="true" />
      </Button>
      <ModalOverlay isDismissable isOpen={isOpen} onOpenChange={setOpen} className={styles['overlay'] ?? ''}>
        <Modal className={styles['modal'] ?? ''}>
          <HelpSheet />
        </Modal>
      </ModalOverlay>
    </>
  )
}
