import {
  acceptCompletion,
  autocompletion,
  closeCompletion,
  completionKeymap,
  completionStatus,
  moveCompletionSelection,
  selectedCompletion,
  startCompletion,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, insertNewline } from '@codemirror/commands'
import { linter } from '@codemirror/lint'
import { Compartment, EditorState, Prec, type Extension } from '@codemirror/state'
import { EditorView, keymap, placeholder, type ViewUpdate } from '@codemirror/view'
import { completionContext } from './completion-context.ts'
import { readConsoleAddress, type ConsoleAddress } from './console-address.ts'
import { filterProblem } from './filter-problem.ts'
import { findCompletions, type CompletionSources } from './find-completions.ts'
import { highlightFilter } from './highlight-filter.ts'

/** What the editor asks of whoever shows it. Read anew each time, so that it may change. */
export type FilterEditing = {
  readonly onChange: (text: string) => void
  /** Whether a list of what may come is open. */
  readonly onOffer: (isOpen: boolean) => void
  readonly onRun: (text: string) => void
  readonly onAddress: (address: ConsoleAddress) => void
  readonly sources: () => CompletionSources
}

/** The names and descriptions of the text box. */
export type FilterLabels = {
  readonly label: string
  readonly hint: string
  readonly describedBy: string
  readonly isInvalid: boolean
}

/** An editor of a filter, and how to change it from outside. */
export type FilterEditor = {
  readonly view: EditorView
  readonly setText: (text: string) => void
  readonly setLabels: (labels: FilterLabels) => void
}

/** Puts an editor into an element. `at`: where the cursor is to be; the editor takes the focus where it is given. */
export function editFilter(
  parent: HTMLElement,
  start: { readonly text: string; readonly labels: FilterLabels; readonly at?: number | undefined },
  editing: FilterEditing,
): FilterEditor {
  const labels = new Compartment()
  const waiting = createWaitingTab()
  const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? ''
  const state = EditorState.create({
    doc: start.text,
    selection: { anchor: Math.min(start.at ?? start.text.length, start.text.length) },
    extensions: [
      nonce === '' ? [] : EditorView.cspNonce.of(nonce),
      labels.of(labelling(start.labels)),
      history(),
      EditorView.lineWrapping,
      highlightFilter,
      complaints(),
      completions(editing),
      Prec.highest(keymap.of(keysOf(editing, waiting))),
      keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.updateListener.of((update) => {
        waiting.follow(update)
        if (update.docChanged) editing.onChange(update.state.doc.toString())
        const isOpen = completionStatus(update.state) === 'active'
        if (isOpen !== (completionStatus(update.startState) === 'active')) editing.onOffer(isOpen)
      }),
      EditorView.domEventHandlers({ paste: (event) => pasteAddress(event, editing), beforeinput: replaceSelected }),
    ],
  })
  const view = new EditorView({ state, parent })
  if (start.at !== undefined) view.focus()
  return {
    view,
    setText: (text) => {
      if (text === view.state.doc.toString()) return
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: text.length },
      })
    },
    setLabels: (next) => {
      view.dispatch({ effects: labels.reconfigure(labelling(next)) })
    },
  }
}

function labelling({ label, hint, describedBy, isInvalid }: FilterLabels): Extension {
  return [
    placeholder(hint),
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-describedby': describedBy,
      'aria-invalid': String(isInvalid),
      autocapitalize: 'off',
      spellcheck: 'false',
    }),
  ]
}

/** Our own parser says what is wrong, with AWS's words. */
function complaints(): Extension {
  return linter(
    (view) => {
      const problem = filterProblem(view.state.doc.toString())
      return problem === undefined ? [] : [{ ...problem, severity: 'error' as const }]
    },
    { delay: 300 },
  )
}

function completions({ sources }: FilterEditing): Extension {
  return autocompletion({
    icons: false,
    selectOnOpen: false,
    // Nothing is taken by accident: Enter runs the filter unless an offer was chosen by arrows, and Tab means to take one.
    interactionDelay: 0,
    defaultKeymap: false,
    activateOnTypingDelay: 50,
    maxRenderedOptions: 60,
    override: [
      async (asked) => {
        const context = completionContext(asked.state.doc.toString(), asked.pos)
        if (context === undefined) return null
        const aborted = new AbortController()
        asked.addEventListener('abort', () => {
          aborted.abort()
        })
        const isWorthAsking =
          asked.explicit || context.typed !== '' || asked.state.doc.length === 0 || opens(context.kind)
        return isWorthAsking ? findCompletions(context, asked.pos, sources(), aborted.signal) : null
      },
    ],
  })
}

/** Where a list helps before anything is typed. */
function opens(kind: string): boolean {
  return kind === 'annotation-key' || kind === 'value' || kind === 'service' || kind === 'operator' || kind === 'join'
}

function keysOf(editing: FilterEditing, waiting: WaitingTab): Parameters<typeof keymap.of>[0] {
  /** Which of the filters that were run is shown; -1 while what is shown was typed. */
  let shown = -1
  const recall = (view: EditorView, step: 1 | -1): boolean => {
    const { recent } = editing.sources()
    const at = shown + step
    const text = at === -1 ? '' : recent[at]
    if (text === undefined) return at >= recent.length && recent.length > 0
    shown = at
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      selection: { anchor: 0 },
      userEvent: 'recall',
    })
    closeCompletion(view)
    return true
  }
  return [
    { key: 'Enter', run: (view) => acceptOrRun(view, editing, () => (shown = -1)) },
    { key: 'Shift-Enter', run: insertNewline },
    { key: 'Tab', run: (view) => acceptFirst(view) || waiting.take(view) },
    {
      key: 'ArrowUp',
      run: (view) => {
        const { anchor, head } = view.state.selection.main
        return anchor === 0 && head === 0 && selectedCompletion(view.state) === null && recall(view, 1)
      },
    },
    {
      key: 'ArrowDown',
      run: (view) => shown >= 0 && selectedCompletion(view.state) === null && recall(view, -1),
    },
  ]
}

/**
 * Enter takes what is chosen in the list. Without a choice it runs the filter; where that is none, it takes the first of
 * the list, which is what was being typed.
 */
function acceptOrRun(view: EditorView, editing: FilterEditing, onRun: () => void): boolean {
  if (selectedCompletion(view.state) !== null) return acceptCompletion(view)
  const text = view.state.doc.toString()
  if (filterProblem(text) !== undefined && acceptFirst(view)) return true
  closeCompletion(view)
  onRun()
  editing.onRun(text)
  return true
}

/** Takes what is chosen in an open list, or else its first; false when no list is open. */
function acceptFirst(view: EditorView): boolean {
  if (completionStatus(view.state) !== 'active') return false
  if (selectedCompletion(view.state) === null) moveCompletionSelection(true)(view)
  return acceptCompletion(view)
}

/** A Tab that came while the list was made anew, so that there was nothing to take yet. */
type WaitingTab = {
  /** Keeps the Tab, if the list is there and only waits for what is to be in it. */
  readonly take: (view: EditorView) => boolean
  /** Takes the first of the list when it has come; forgets it when something else happened before. */
  readonly follow: (update: ViewUpdate) => void
}

function createWaitingTab(): WaitingTab {
  let isWaiting = false
  return {
    take: (view) => {
      isWaiting =
        completionStatus(view.state) === 'pending' && view.dom.querySelector('.cm-tooltip-autocomplete') !== null
      return isWaiting
    },
    follow: ({ docChanged, state, view }) => {
      if (!isWaiting) return
      const status = completionStatus(state)
      isWaiting = status === 'pending' && !docChanged
      // Not within an update.
      if (status === 'active' && !docChanged) setTimeout(() => acceptFirst(view), 0)
    },
  }
}

/**
 * Types over a selection. Left to itself, Chromium keeps the style of what it replaces, as a `style` attribute, which the
 * policy of the page does not allow.
 */
function replaceSelected(event: InputEvent, view: EditorView): boolean {
  if (event.inputType !== 'insertText' || event.data === null || view.composing) return false
  if (view.state.selection.main.empty) return false
  event.preventDefault()
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true })
  return true
}

function pasteAddress(event: ClipboardEvent, editing: FilterEditing): boolean {
  const address = readConsoleAddress(event.clipboardData?.getData('text/plain') ?? '')
  if (address === undefined) return false
  event.preventDefault()
  editing.onAddress(address)
  return true
}

/** Opens the list of what may come, as Ctrl Space does. */
export function offerCompletions(editor: FilterEditor): void {
  startCompletion(editor.view)
}
