import { useNavigate } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { neighboursIn, useTraceList } from '../data/trace-list.ts'
import { Button } from '../frame/button.tsx'
import { useShortcuts } from '../frame/use-shortcuts.ts'
import styles from './trace-header.module.css'

/** The traces before and after this one in the list that led here. */
export function ListSteps({ id }: { readonly id: string }) {
  const list = useTraceList()
  const navigate = useNavigate()
  const place = neighboursIn(list, id)
  const go = (to: string | undefined): void => {
    if (to !== undefined) void navigate({ to: '/traces/$id', params: { id: to }, search: {} })
  }
  const step = (label: string, to: string | undefined) => ({
    label,
    run: () => {
      go(to)
    },
  })
  // Without a list, the keys are the browser's own.
  useShortcuts(
    'Between traces',
    place === undefined
      ? {}
      : {
          'Alt+ArrowLeft': step('Previous trace of the list', place.previous),
          'Alt+ArrowRight': step('Next trace of the list', place.next),
        },
  )
  if (place === undefined) return undefined
  return (
    <span className={styles['steps']}>
      <Button
        kind="quiet"
        label="Previous trace of the list"
        isDisabled={place.previous === undefined}
        onPress={() => {
          go(place.previous)
        }}
      >
        <ChevronLeft size={16} aria-hidden="true" />
      </Button>
      {(place.position + 1).toLocaleString('en')} of {place.count.toLocaleString('en')}
      <Button
        kind="quiet"
        label="Next trace of the list"
        isDisabled={place.next === undefined}
        onPress={() => {
          go(place.next)
        }}
      >
        <ChevronRight size={16} aria-hidden="true" />
      </Button>
    </span>
  )
}
