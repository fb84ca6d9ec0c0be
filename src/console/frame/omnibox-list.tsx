import type { Offer } from './omnibox-offers.ts'
import styles from './omnibox.module.css'
import { Progress } from './states.tsx'

/** What the omnibox is busy with. */
export function Busy({ said }: { readonly said: string }) {
  return (
    <div className={styles['list']}>
      <Progress label="Looking" />
      <p className={styles['nothing']} role="status">
        {said} Esc stops it.
      </p>
    </div>
  )
}

/** What the omnibox offers: a list of which the field chooses. */
export function Offers({
  id,
  offers,
  chosen,
  onTake,
  onActive,
}: {
  readonly id: string
  readonly offers: readonly Offer[]
  readonly chosen: number
  readonly onTake: (offer: Offer) => void
  readonly onActive: (position: number) => void
}) {
  const parts = [...new Set(offers.map(({ part }) => part))]
  return (
    <div
      className={styles['list']}
      // The focus stays in the field.
      onPointerDown={(event) => {
        event.preventDefault()
      }}
    >
      {offers.length === 0 ? (
        <p className={styles['nothing']}>
          A trace id, an <code>X-Amzn-Trace-Id</code> or <code>traceparent</code> header, a segment id, a service, or a
          filter such as <code>fault AND duration &gt; 1</code>. Traces that you open are listed here.
        </p>
      ) : undefined}
      <div id={`${id}-list`} role="listbox" aria-label="Go to">
        {parts.map((part) => (
          <div key={part} role="group" aria-label={part}>
            <div className={styles['part']} aria-hidden="true">
              {part}
            </div>
            {offers.map((offer, position) =>
              offer.part === part ? (
                <div
                  key={offer.id}
                  id={`${id}-${position}`}
                  role="option"
                  aria-selected={position === chosen}
                  className={styles['offer']}
                  onPointerMove={() => {
                    onActive(position)
                  }}
                  onClick={() => {
                    onTake(offer)
                  }}
                >
                  <span className={styles['text']} dir="auto">
                    {offer.text}
                  </span>
                  <span className={styles['hint']}>{offer.hint}</span>
                </div>
              ) : undefined,
            )}
          </div>
        ))}
      </div>
    </div>
  )
}
