import { layoutGraph, type LayoutRequest } from './layout-graph.ts'

// Beside the page, so that a big map does not stop it. One question, one answer.
self.addEventListener('message', ({ data }: MessageEvent<LayoutRequest>) => {
  self.postMessage(layoutGraph(data))
})
