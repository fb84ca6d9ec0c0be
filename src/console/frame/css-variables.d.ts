import 'react'

declare module 'react' {
  // React sets custom properties as it sets others; its types do not know them.
  interface CSSProperties {
    [variable: `--${string}`]: string | number | undefined
  }
}
