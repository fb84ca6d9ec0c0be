import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useMemo, useState } from 'react'
import { rawTraceQuery } from '../../data/raw-trace-query.ts'
import { Button } from '../../frame/button.tsx'
import { CopyButton } from '../../frame/copy-button.tsx'
import { Segmented } from '../../frame/segmented.tsx'
import { ErrorState, LoadingState } from '../../frame/states.tsx'
import type { TraceModel } from '../model/trace-model.ts'
import { formatJson } from './format-json.ts'
import { rawDocuments } from './raw-documents.ts'
import styles from './raw.module.css'
import { TextLines } from './text-lines.tsx'

/** The whole trace as `BatchGetTraces` answers it: to read, to copy, to keep as a file. */
export function RawView({ model }: { readonly model: TraceModel }) {
  const query = useQuery(rawTraceQuery(model.id, model.revision))
  if (query.data === undefined) {
    return query.error === null ? (
      <LoadingState label="Loading the documents" rows={12} />
    ) : (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    )
  }
  return <RawText id={model.id} text={query.data} />
}

function RawText({ id, text }: { readonly id: string; readonly text: string }) {
  const [form, setForm] = useState<'documents' | 'answer'>('documents')
  const shown = useMemo(() => (form === 'answer' ? text : rawDocuments(text)), [form, text])
  const lines = useMemo(() => formatJson(shown), [shown])
  return (
    <div className={styles['view']}>
      <div className={styles['head']}>
        <Segmented
          label="Form"
          value={form}
          onChange={setForm}
          options={[
            { id: 'documents', label: 'Segment documents' },
            { id: 'answer', label: 'As BatchGetTraces' },
          ]}
        />
        <span className={styles['size']}>
          {lines.length.toLocaleString('en')} lines · {Math.ceil(shown.length / 1_000).toLocaleString('en')} kB
        </span>
        <CopyButton label="Copy" getText={() => shown} isIconOnly={false} />
        <Button
          onPress={() => {
            save(`${id}.json`, text)
          }}
        >
          <Download size={14} aria-hidden="true" /> Download
        </Button>
      </div>
      <TextLines lines={lines} label="Trace as text" />
    </div>
  )
}

/** Offers a text as a file; it is BatchGetTraces' answer, which other tools read. */
function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
