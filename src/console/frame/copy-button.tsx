import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { copyText } from './copy-text.ts'
import { announce, notify } from './toasts.tsx'

/** Copies a text, and shows that it did. `label` says what is copied: "Copy trace id". */
export function CopyButton({
  text,
  getText,
  label,
  isIconOnly = true,
}: {
  readonly text?: string | undefined
  /** For what is made only when it is wanted. */
  readonly getText?: (() => string | Promise<string>) | undefined
  readonly label: string
  /** Whether the label is for screen readers and the tooltip only. */
  readonly isIconOnly?: boolean | undefined
}) {
  const [isDone, setDone] = useState(false)
  useEffect(() => {
    if (!isDone) return
    const timer = setTimeout(() => {
      setDone(false)
    }, 1_500)
    return () => {
      clearTimeout(timer)
    }
  }, [isDone])
  const copy = async (): Promise<void> => {
    const done = await copyText(text ?? (await getText?.()) ?? '')
    setDone(done)
    if (done) announce('Copied')
    else notify('The browser does not let this page copy')
  }
  const Icon = isDone ? Check : Copy
  return (
    <Button kind="quiet" label={isIconOnly ? label : undefined} onPress={() => void copy()}>
      <Icon size={14} aria-hidden="true" />
      {isIconOnly ? undefined : label}
    </Button>
  )
}
