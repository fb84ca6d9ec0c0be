import { useCallback, useEffect, useRef, useState } from 'react'
import { notify } from '../frame/toasts.tsx'
import type { CriticalPath } from './model/critical-path.ts'
import { readFoldCode, writeFoldCode } from './model/fold-code.ts'
import { carryFold, initialFold, openPathTo, type Fold, type FoldRepeats } from './model/fold.ts'
import type { TraceModel } from './model/trace-model.ts'
import type { TraceUrl } from './use-trace-url.ts'

/** The setting of a URL's `fold`. */
function readFoldSetting(text: string | undefined): FoldRepeats {
  return text === undefined ? 'auto' : text === 'off' ? 'off' : Number(text)
}

/** How long folding rests before it is written into the URL. */
const REST_MS = 300

type State = {
  readonly model: TraceModel
  readonly setting: FoldRepeats
  /** What the URL may say while this counts: what it said, and what is being written. */
  readonly codes: readonly (string | undefined)[]
  readonly fold: Fold
  /** Whether the URL has a code of another state of the trace. */
  readonly isStale: boolean
}

/**
 * What is folded. It begins as the URL says, is written there when it has rested, and follows a trace that goes on from
 * revision to revision.
 */
export function useFold(
  model: TraceModel,
  path: CriticalPath,
  { search, change }: TraceUrl,
  selected: number,
): readonly [Fold, (fold: Fold) => void] {
  const setting = readFoldSetting(search.fold)
  const begin = (): State => begun(model, path, setting, search.c, selected)
  const [state, setState] = useState(begin)
  let current = state
  if (state.setting !== setting || !state.codes.includes(search.c) || state.model.id !== model.id) current = begin()
  else if (state.model !== model) {
    current = { ...state, model, fold: carryFold(state.model, state.fold, model, path), isStale: false }
  }
  if (current.codes.length > 1 && current.codes.at(-1) === search.c) current = { ...current, codes: [search.c] }
  if (current !== state) setState(current)

  const { isStale } = current
  useEffect(() => {
    if (isStale) notify('The folding in this link is of another state of the trace')
  }, [isStale])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(
    () => () => {
      clearTimeout(timer.current)
    },
    [],
  )
  const setFold = useCallback(
    (fold: Fold) => {
      setState((before) => ({ ...before, fold }))
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        const written = writeFoldCode(model, fold)
        const code = written === '' ? undefined : written
        setState((before) => ({ ...before, codes: [before.codes[0], code] }))
        change({ c: code })
      }, REST_MS)
    },
    [model, change],
  )
  return [current.fold, setFold]
}

function begun(
  model: TraceModel,
  path: CriticalPath,
  setting: FoldRepeats,
  code: string | undefined,
  selected: number,
): State {
  const fold = initialFold(model, { repeats: setting, critical: path })
  const read = code === undefined ? fold : readFoldCode(model, fold, code)
  const isStale = read === undefined
  // A link that says what is folded means it, also above what is selected.
  const isSaid = code !== undefined && !isStale
  const kept = read ?? fold
  const shown = selected < 0 || isSaid ? kept : openPathTo(model, kept, selected)
  return { model, setting, codes: [code], fold: shown, isStale }
}
