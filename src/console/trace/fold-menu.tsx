import { MenuButton } from '../frame/menu.tsx'
import { orderRepeats } from './model/fold.ts'
import type { TraceState } from './use-trace-view.ts'

/** From how many equal siblings on they are folded, and how open groups are sorted (console §4.6.3). */
export function FoldMenu({ view }: { readonly view: TraceState }) {
  const { url, fold, setFold } = view
  const setting = url.search.fold
  const choose = (value: string | undefined, label: string, hint: string) => ({
    id: value ?? 'auto',
    label: `${setting === value ? '✓ ' : ''}${label}`,
    hint,
    onAction: () => {
      url.change({ fold: value, c: undefined })
    },
  })
  const order = fold.order === 'time' ? 'duration' : 'time'
  return (
    <MenuButton
      label={`Fold: ${setting ?? 'auto'}`}
      items={[
        choose(undefined, 'Auto', 'Five equal siblings and more as one row, wrappers as one, large traces by level'),
        choose('20', 'From 20 on', 'Only twenty equal siblings and more'),
        choose('100', 'From 100 on', 'Only a hundred equal siblings and more'),
        choose('off', 'Off', 'A row for each segment and subsegment'),
        {
          id: 'order',
          label: `Sort open groups by ${order}`,
          hint: 'Those with problems come first either way',
          onAction: () => {
            setFold(orderRepeats(fold, order))
          },
        },
      ]}
    />
  )
}
