import { copyText } from '../frame/copy-text.ts'
import { MenuButton } from '../frame/menu.tsx'
import { settleUrl } from '../frame/settle-url.ts'
import { notify } from '../frame/toasts.tsx'
import { idOf, type TraceModel } from './model/trace-model.ts'

/** Ways to tell others, and other programs, of this trace. */
export function CopyMenu({ model, selected }: { readonly model: TraceModel; readonly selected: number }) {
  const { id } = model
  const server = new URL(document.baseURI)
  const endpoint = `${server.origin}${server.pathname.replace(/\/$/, '')}`
  const parent = selected === -1 ? '' : `;Parent=${idOf(model, selected)}`
  const copy = async (label: string, text: string): Promise<void> => {
    notify((await copyText(text)) ? `${label} copied` : 'The browser does not let this page copy')
  }
  const item = (what: string, label: string, text: string) => ({
    id: what,
    label,
    hint: text,
    onAction: () => void copy(label, text),
  })
  const link = {
    ...item('link', 'Link', window.location.href),
    onAction: () => void settleUrl().then(() => copy('Link', window.location.href)),
  }
  return (
    <MenuButton
      label="Copy"
      items={[
        item('id', 'Trace id', id),
        link,
        item('header', 'X-Amzn-Trace-Id', `Root=${id}${parent};Sampled=1`),
        item('w3c', 'W3C trace id', id.replaceAll('-', '').slice(1)),
        item('cli', 'AWS CLI command', `aws xray batch-get-traces --trace-ids ${id} --endpoint-url ${endpoint}`),
        item('curl', 'curl command', `curl -s '${endpoint}/Traces' -d '{"TraceIds":["${id}"]}'`),
      ]}
    />
  )
}
