import { create } from 'zustand'

/** How often the viewer has asked for the newest. What streams asks again when this grows. */
export const useRefreshes = create<{ readonly count: number }>(() => ({ count: 0 }))

/** Makes everything on the page be asked again; who uses react-query is told by the frame. */
export function refresh(): void {
  useRefreshes.setState(({ count }) => ({ count: count + 1 }))
}
