import { GROUPINGS, type Grouping } from './model/group-nodes.ts'
import styles from './trace-table.module.css'

const WORDS: Readonly<Record<Grouping, string>> = {
  service: 'Service',
  name: 'Name',
  type: 'Type',
  status: 'HTTP status',
}

/** What a table is grouped by, and how many groups that makes. */
export function TraceTableBy({
  by,
  onBy,
  groups,
}: {
  readonly by: readonly Grouping[]
  readonly onBy: (by: readonly Grouping[]) => void
  readonly groups: number
}) {
  const [first = 'service', second] = by
  return (
    <div className={styles['by']}>
      <label className={styles['choice']}>
        Group by
        <Choice
          value={first}
          without={undefined}
          onChange={(chosen) => {
            if (chosen !== undefined) onBy(second === undefined || second === chosen ? [chosen] : [chosen, second])
          }}
        />
      </label>
      <label className={styles['choice']}>
        then by
        <Choice
          value={second}
          without={first}
          hasNone
          onChange={(chosen) => {
            onBy(chosen === undefined ? [first] : [first, chosen])
          }}
        />
      </label>
      <span className={styles['groups']} role="status">
        {groups} {groups === 1 ? 'row' : 'rows'}
      </span>
    </div>
  )
}

function Choice({
  value,
  without,
  hasNone = false,
  onChange,
}: {
  readonly value: Grouping | undefined
  readonly without: Grouping | undefined
  readonly hasNone?: boolean
  readonly onChange: (chosen: Grouping | undefined) => void
}) {
  return (
    <select
      className={styles['select']}
      value={value ?? ''}
      onChange={(event) => {
        onChange(GROUPINGS.find((grouping) => grouping === event.target.value))
      }}
    >
      {hasNone ? <option value="">nothing</option> : undefined}
      {GROUPINGS.filter((grouping) => grouping !== without).map((grouping) => (
        <option key={grouping} value={grouping}>
          {WORDS[grouping]}
        </option>
      ))}
    </select>
  )
}
