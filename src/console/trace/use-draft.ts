import { useCallback, useEffect, useRef, useState } from 'react'
import { writeBeforeLink } from '../frame/settle-url.ts'

/**
 * A value that the URL holds, and that changes faster than a URL should: it is shown at once, and written when it has
 * rested for a while. When the URL changes otherwise, such as by Back, that counts.
 */
export function useDraft<Value>(
  urlText: string | undefined,
  urlValue: Value,
  write: (value: Value) => void,
  restMs = 200,
): readonly [Value, (value: Value) => void] {
  const [draft, setDraft] = useState<{ readonly value: Value }>()
  /** Gives up what is still to be written. */
  const drop = useRef<() => void>(undefined)
  const latest = useRef(write)
  useEffect(() => {
    latest.current = write
  })
  const set = useCallback(
    (value: Value) => {
      setDraft({ value })
      drop.current?.()
      const done = (): void => {
        drop.current?.()
        latest.current(value)
      }
      const timer = setTimeout(done, restMs)
      const forget = writeBeforeLink(done)
      drop.current = () => {
        clearTimeout(timer)
        forget()
        drop.current = undefined
      }
    },
    [restMs],
  )
  useEffect(() => {
    if (drop.current === undefined) setDraft(undefined)
  }, [urlText])
  useEffect(
    () => () => {
      drop.current?.()
    },
    [],
  )
  return [draft === undefined ? urlValue : draft.value, set]
}
