import { CircleMinus, CirclePlus } from 'lucide-react'
import { useState } from 'react'
import type { Json } from '../../../model/json.ts'
import { Button } from '../../frame/button.tsx'
import { CopyButton } from '../../frame/copy-button.tsx'
import styles from './details.module.css'
import { JsonTree } from './json-tree.tsx'
import { LongText } from './long-text.tsx'
import { readEmbedded } from './read-embedded.ts'
import { usePutClause } from './use-put-clause.ts'

/** A value with all that can be done with it: copied, asked for, left out, opened as JSON. */
export function ValueView({
  label,
  text,
  clause,
}: {
  readonly label: string
  readonly text: string
  /** What finds traces that have it. */
  readonly clause?: string | undefined
}) {
  const [tree, setTree] = useState<Json>()
  const put = usePutClause()
  const embedded = looksLikeJson(text)
  return (
    <span className={styles['value']}>
      <span className={styles['valueText']}>
        {tree === undefined ? <LongText text={text} /> : <JsonTree value={tree} />}
        {embedded ? (
          <Button
            kind="quiet"
            onPress={() => {
              setTree(tree === undefined ? readEmbedded(text) : undefined)
            }}
          >
            {tree === undefined ? 'as tree' : 'as text'}
          </Button>
        ) : undefined}
      </span>
      <span className={styles['valueActions']}>
        {clause === undefined ? undefined : (
          <>
            <Button
              kind="quiet"
              label={`Traces with this ${label}`}
              onPress={() => {
                put(clause, true)
              }}
            >
              <CirclePlus size={14} aria-hidden="true" />
            </Button>
            <Button
              kind="quiet"
              label={`Traces without this ${label}`}
              onPress={() => {
                put(clause, false)
              }}
            >
              <CircleMinus size={14} aria-hidden="true" />
            </Button>
          </>
        )}
        <CopyButton label={`Copy ${label}`} text={text} />
      </span>
    </span>
  )
}

function looksLikeJson(text: string): boolean {
  return (
    text.length > 4 &&
    text.length < 1_000_000 &&
    /^\s*[[{]/.test(text) &&
    /[\]}]\s*$/.test(text) &&
    readEmbedded(text) !== undefined
  )
}
