import { Menu, X } from 'lucide-react'
import { Dialog, DialogTrigger, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './button.tsx'
import styles from './drawer.module.css'
import { PageLinks, ReloadButton } from './rail.tsx'

/** The rail where there is no room for one: a button, and what it opens. */
export function Drawer({ newVersion }: { readonly newVersion: string | undefined }) {
  return (
    <div className={styles['place']}>
      <DialogTrigger>
        <Button kind="quiet" label="Pages">
          <Menu size={18} aria-hidden="true" />
        </Button>
        <ModalOverlay isDismissable className={styles['overlay'] ?? ''}>
          <Modal className={styles['drawer'] ?? ''}>
            <Dialog aria-label="Pages" className={styles['dialog'] ?? ''}>
              {({ close }) => (
                <>
                  <div className={styles['head']}>
                    Radiograph
                    <Button kind="quiet" label="Close" onPress={close}>
                      <X size={18} aria-hidden="true" />
                    </Button>
                  </div>
                  <nav aria-label="Pages">
                    <PageLinks onFollow={close} />
                  </nav>
                  {newVersion === undefined ? undefined : <ReloadButton version={newVersion} />}
                </>
              )}
            </Dialog>
          </Modal>
        </ModalOverlay>
      </DialogTrigger>
    </div>
  )
}
