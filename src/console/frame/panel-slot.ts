import { createContext } from 'react'

/** Where side panels are put: beside `main`, so that they are landmarks of their own. */
export const PanelSlot = createContext<HTMLElement | null>(null)
