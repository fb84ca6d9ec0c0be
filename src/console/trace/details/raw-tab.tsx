import { useMemo, useState } from 'react'
import { CopyButton } from '../../frame/copy-button.tsx'
import { formatJson } from '../raw/format-json.ts'
import { TextLines } from '../raw/text-lines.tsx'
import styles from './details.module.css'

/** The document itself: as lines, or exactly as the server sent it. */
export function RawTab({ document }: { readonly document: string }) {
  const [isExact, setExact] = useState(false)
  const lines = useMemo(() => (isExact ? cut(document) : formatJson(document)), [document, isExact])
  return (
    <>
      <div className={styles['rawHead']}>
        <label className={styles['check']}>
          <input
            type="checkbox"
            checked={isExact}
            onChange={(event) => {
              setExact(event.target.checked)
            }}
          />
          as it came
        </label>
        <CopyButton label="Copy document" text={document} isIconOnly={false} />
      </div>
      <TextLines lines={lines} label="Document" maxHeight={640} />
    </>
  )
}

/** Lines of no more than 200 characters, so that only what is seen is drawn. */
function cut(text: string): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / 200) }, (_, at) => text.slice(at * 200, (at + 1) * 200))
}
