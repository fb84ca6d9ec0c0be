import { ratioToGoal, type Results, TARGETS, verdict } from './targets.ts'

const ROW_HEIGHT = 24
const LABEL_WIDTH = 96
const BAR_WIDTH = 400
const WIDTH = LABEL_WIDTH + BAR_WIDTH + 84
/** Bars end here; what is better still says so in its number. */
const MAX_RATIO = 2
const COLOURS = { goal: '#2f855a', floor: '#b7791f', below: '#c53030' }

/** Draws each comparable figure as a bar: its share of the goal, with the goal as a line. Returns the SVG text. */
export function ratioChart(results: Results): string {
  const bars = TARGETS.flatMap((target) => {
    const figure = results.figures.find(({ id }) => id === target.id)
    if (figure === undefined || figure.comparable === false) return []
    return [{ id: target.id, ratio: ratioToGoal(target, figure.value), colour: COLOURS[verdict(target, figure.value)] }]
  })
  const height = bars.length * ROW_HEIGHT + 40
  const goalX = LABEL_WIDTH + BAR_WIDTH / MAX_RATIO
  const rows = bars.map(({ id, ratio, colour }, index) => {
    const y = 28 + index * ROW_HEIGHT
    const width = (Math.min(MAX_RATIO, ratio) / MAX_RATIO) * BAR_WIDTH
    return [
      `  <text x="${LABEL_WIDTH - 8}" y="${y + 13}" text-anchor="end">${id}</text>`,
      `  <rect x="${LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="16" rx="2" fill="${colour}"/>`,
      `  <text x="${(LABEL_WIDTH + width + 6).toFixed(1)}" y="${y + 13}">${ratio.toFixed(2)} ×</text>`,
    ].join('\n')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Each figure as a share of its goal" font-family="system-ui, sans-serif" font-size="12">
  <rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
  <text x="${goalX}" y="16" text-anchor="middle" fill="#4a5568">goal</text>
${rows.join('\n')}
  <line x1="${goalX}" y1="22" x2="${goalX}" y2="${height - 8}" stroke="#4a5568" stroke-dasharray="3 3"/>
</svg>
`
}
