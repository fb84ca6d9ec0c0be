import { useState } from 'react'
import type { Json } from '../../../model/json.ts'
import { RawNumber } from '../../../model/raw-number.ts'
import { jsonText } from '../../../wire/xray/json-text.ts'
import { Button } from '../../frame/button.tsx'
import { CopyButton } from '../../frame/copy-button.tsx'
import styles from './details.module.css'
import { LongText } from './long-text.tsx'

/** Levels that are open at first; deeper ones are drawn when they are opened, so that depth costs nothing. */
const OPEN_LEVELS = 2
/** Members that are shown at a time. */
const PAGE = 100

/** JSON as a tree that opens and closes. Numbers are shown with all their digits. */
export function JsonTree({ value }: { readonly value: Json }) {
  return (
    <div className={styles['tree']}>
      <JsonNode value={value} level={0} />
    </div>
  )
}

function JsonNode({ name, value, level }: { readonly name?: string; readonly value: Json; readonly level: number }) {
  const label = name === undefined ? undefined : <bdi className={styles['treeKey']}>{name}: </bdi>
  if (typeof value !== 'object' || value === null || value instanceof RawNumber) {
    return (
      <div className={styles['treeLeaf']}>
        {label}
        <Scalar value={value} />
      </div>
    )
  }
  return <Container label={label} value={value} level={level} />
}

type Inner = Extract<Json, object>

function Container({
  label,
  value,
  level,
}: {
  readonly label: React.ReactNode
  readonly value: Inner
  readonly level: number
}) {
  const [isOpen, setOpen] = useState(level < OPEN_LEVELS)
  const [shown, setShown] = useState(PAGE)
  const isList = Array.isArray(value)
  const members: readonly (readonly [string, Json])[] = Object.entries(value)
  const size = `${members.length.toLocaleString('en')} ${isList ? 'items' : 'keys'}`
  return (
    <details
      open={isOpen}
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
      }}
    >
      <summary className={styles['treeSummary']}>
        {label}
        <span className={styles['treeSize']}>
          {isList ? '[' : '{'} {size} {isList ? ']' : '}'}
        </span>
        <span className={styles['treeCopy']}>
          <CopyButton label="Copy as JSON" getText={() => jsonText(value)} />
        </span>
      </summary>
      {isOpen ? (
        <div className={styles['treeMembers']}>
          {members.slice(0, shown).map(([key, member]) => (
            <JsonNode key={key} name={key} value={member} level={level + 1} />
          ))}
          {members.length > shown ? (
            <Button
              kind="quiet"
              onPress={() => {
                setShown(shown + PAGE)
              }}
            >
              {(members.length - shown).toLocaleString('en')} more
            </Button>
          ) : undefined}
        </div>
      ) : undefined}
    </details>
  )
}

function Scalar({ value }: { readonly value: string | number | boolean | null | RawNumber }) {
  if (value instanceof RawNumber) return <span className={styles['treeNumber']}>{value.lexeme}</span>
  if (typeof value === 'string') return <LongText text={value} />
  return <span className={styles['treeNumber']}>{String(value)}</span>
}
