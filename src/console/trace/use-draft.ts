import { useCallback, useEffect, useRef, useState } from 'react'

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
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(write)
  useEffect(() => {
    latest.current = write
  })
  const set = useCallback(
    (value: Value) => {
      setDraft({ value })
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        timer.current = undefined
        latest.current(value)
      }, restMs)
    },
    [restMs],
  )
  useEffect(() => {
    if (timer.current === undefined) setDraft(undefined)
  }, [urlText])
  useEffect(
    () => () => {
      clearTimeout(timer.current)
    },
    [],
  )
  return [draft === undefined ? urlValue : draft.value, set]
}
