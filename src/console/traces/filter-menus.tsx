import { useEffect, useRef, useState } from 'react'
import { Button } from '../frame/button.tsx'
import { copyText } from '../frame/copy-text.ts'
import { MenuButton } from '../frame/menu.tsx'
import { forgetQuery, saveQuery, usePreferences } from '../frame/preferences.ts'
import { notify } from '../frame/toasts.tsx'
import { addressOf } from '../data/ask.ts'
import type { TracesQuestion } from '../data/search-traces.ts'
import { freezeWindow, writeWindow, type TimeWindow } from '../data/time-window.ts'
import { dialectOf } from '../filter-box/filter-problem.ts'
import { awsCommand, curlCommand } from './copy-as.ts'
import styles from './traces-page.module.css'

const MENU_CLOSES_MS = 60

/** Filters that were kept under a name, and how to keep this one. */
export function SavedMenu({ filter, onRun }: { readonly filter: string; readonly onRun: (filter: string) => void }) {
  const saved = usePreferences(({ savedQueries }) => savedQueries)
  const [isNaming, setNaming] = useState(false)
  const isSaved = saved.find((query) => query.filter === filter)
  if (isNaming) {
    return (
      <NameField
        onDone={(name) => {
          if (name !== '') {
            saveQuery(name, filter)
            notify(`Saved as ${name}, in this browser`)
          }
          setNaming(false)
        }}
      />
    )
  }
  return (
    <MenuButton
      label="Saved"
      items={[
        ...saved.map(({ name, filter: other }) => ({
          id: `run ${name}`,
          label: name,
          hint: other,
          onAction: () => {
            onRun(other)
          },
        })),
        isSaved === undefined
          ? {
              id: 'save',
              label: 'Save this filter…',
              hint: filter === '' ? 'There is none' : undefined,
              isDisabled: filter === '',
              onAction: () => {
                // The menu gives the focus back when it has closed; after that, the field can have it.
                setTimeout(() => {
                  setNaming(true)
                }, MENU_CLOSES_MS)
              },
            }
          : {
              id: 'forget',
              label: `Forget ${isSaved.name}`,
              onAction: () => {
                forgetQuery(isSaved.name)
              },
            },
      ]}
    />
  )
}

function NameField({ onDone }: { readonly onDone: (name: string) => void }) {
  const [name, setName] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    field.current?.focus()
  }, [])
  return (
    <form
      className={styles['naming']}
      onSubmit={(event) => {
        event.preventDefault()
        onDone(name.trim())
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone('')
      }}
    >
      <input
        ref={field}
        aria-label="Name of the filter"
        placeholder="Name"
        maxLength={80}
        value={name}
        onChange={(event) => {
          setName(event.target.value)
        }}
      />
      <Button kind="primary" isSubmit isDisabled={name.trim() === ''}>
        Save
      </Button>
      <Button
        kind="quiet"
        onPress={() => {
          onDone('')
        }}
      >
        Cancel
      </Button>
    </form>
  )
}

/** The list as others ask for it. */
export function CopyAsMenu({
  question: asked,
  window: time,
  count,
}: {
  /** The group's clause included. */
  readonly question: TracesQuestion
  readonly window: TimeWindow
  /** How many traces the list has. */
  readonly count: number
}) {
  const { filter } = asked
  const dialect = dialectOf(filter)
  const question = () => ({ filter, dialect, window: time, base: document.baseURI, nowMs: Date.now() })
  const copy = (what: string, text: string): void => {
    void copyText(text).then((done) => {
      notify(done ? `Copied ${what}` : 'The browser does not let this page copy')
    })
  }
  const items = [
    {
      id: 'filter',
      label: 'Filter',
      isDisabled: filter === '',
      onAction: () => {
        copy('the filter', filter)
      },
    },
    {
      id: 'cli',
      label: 'AWS CLI command',
      hint: dialect === 'extended' ? 'AWS’s language has no such filter' : undefined,
      isDisabled: dialect === 'extended',
      onAction: () => {
        copy('the AWS CLI command', awsCommand(question()))
      },
    },
    {
      id: 'curl',
      label: 'curl command',
      onAction: () => {
        copy('the curl command', curlCommand(question()))
      },
    },
    {
      id: 'link',
      label: 'Link',
      hint: 'with this time, in UTC',
      onAction: () => {
        copy('the link', frozenLink(time))
      },
    },
    {
      id: 'download',
      label: 'Download JSON',
      hint: `${count.toLocaleString('en')} summaries, one a line`,
      isDisabled: count === 0,
      onAction: () => {
        download({ ...asked, limit: count })
      },
    },
  ]
  return <MenuButton label="Copy as" items={items} />
}

function frozenLink(time: TimeWindow): string {
  const url = new URL(location.href)
  url.searchParams.set('t', writeWindow(freezeWindow(time, Date.now())))
  return url.href
}

/** Has the browser save the summaries themselves, of which the list keeps only what it shows. */
function download(question: TracesQuestion): void {
  const link = document.createElement('a')
  link.href = addressOf('api/traces', question)
  link.download = 'traces.jsonl'
  link.click()
}
