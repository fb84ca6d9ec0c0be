import { useState } from 'react'
import { Button } from '../../frame/button.tsx'
import styles from './details.module.css'

/** Values longer than this are cut until asked for. */
const CUT = 4_096

/** A text as it was sent: cut where it is long, a link where it is one, with a tree where it is JSON. */
export function LongText({ text, isMono = true }: { readonly text: string; readonly isMono?: boolean }) {
  const [isWhole, setWhole] = useState(false)
  const isLong = text.length > CUT
  const shown = isLong && !isWhole ? text.slice(0, CUT) : text
  const className = isMono ? `mono ${styles['text']}` : styles['text']
  return (
    <>
      {isLink(text) ? (
        <a href={text} target="_blank" rel="noopener noreferrer" className={className}>
          <bdi>{shown}</bdi>
        </a>
      ) : (
        <bdi className={className}>{shown}</bdi>
      )}
      {isLong ? (
        <Button
          kind="quiet"
          onPress={() => {
            setWhole(!isWhole)
          }}
        >
          {isWhole ? 'Show less' : `… show all (${kilobytes(text)})`}
        </Button>
      ) : undefined}
    </>
  )
}

/** Only what leads to the web is a link: `javascript:` and others are text. */
function isLink(text: string): boolean {
  if (text.length > 2_000 || !/^https?:\/\/[^\s]+$/i.test(text)) return false
  return URL.canParse(text)
}

function kilobytes(text: string): string {
  return `${Math.round(new TextEncoder().encode(text).length / 1_000).toLocaleString('en')} kB`
}
