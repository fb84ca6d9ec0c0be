import { RangeSetBuilder } from '@codemirror/state'
import { Decoration, ViewPlugin, type DecorationSet, type EditorView } from '@codemirror/view'
import styles from './filter-box.module.css'
import { lexFilter, type Piece } from './lex-filter.ts'

const JOINING: ReadonlySet<string> = new Set(['and', 'or', 'contains', 'beginswith', 'endswith', 'matches'])

/** Colours by our own lexer. */
export const highlightFilter = ViewPlugin.define<{
  decorations: DecorationSet
  update: (update: { readonly docChanged: boolean; readonly view: EditorView }) => void
}>(
  (view) => ({
    decorations: decorate(view),
    update(update) {
      if (update.docChanged) this.decorations = decorate(update.view)
    },
  }),
  { decorations: (plugin) => plugin.decorations },
)

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const piece of lexFilter(view.state.doc.toString())) {
    const name = styles[classOf(piece)]
    if (name !== undefined) builder.add(piece.start, piece.end, Decoration.mark({ class: name }))
  }
  return builder.finish()
}

function classOf(piece: Piece): string {
  switch (piece.kind) {
    case 'word':
      return JOINING.has(piece.word) ? 'joining' : 'keyword'
    case 'annotation':
    case 'metadata':
      return 'key'
    case 'string':
    case 'open':
    case 'json':
      return 'string'
    case 'number':
      return 'number'
    case 'symbol':
      return 'symbol'
    case 'broken':
    case 'end':
      return 'plainWord'
    default:
      return piece satisfies never
  }
}
