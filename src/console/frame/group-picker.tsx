import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronDown } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { groupsQuery } from '../data/queries.ts'
import styles from './bar.module.css'
import { Button } from './button.tsx'
import menuStyles from './menu.module.css'

/** The group of all traces, which is what a page without `g` shows. */
const ALL = 'Default'

/** Which group's traces the pages show. */
export function GroupPicker() {
  const { g = ALL } = useSearch({ strict: false })
  const navigate = useNavigate()
  const { data: groups } = useQuery(groupsQuery())
  const known = groups ?? []
  const names = [...new Set([ALL, ...known.map(({ GroupName }) => GroupName), g])]
  const choose = (name: string): void => {
    void navigate({ to: '.', search: (before) => ({ ...before, g: name === ALL ? undefined : name }) })
  }
  return (
    <MenuTrigger>
      <Button label={`Group: ${g}`}>
        <span className={styles['prefix']}>Group: </span>
        <span className={styles['name']}>{g}</span>
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      <Popover className={menuStyles['popover'] ?? ''} placement="bottom end">
        <Menu
          aria-label="Group"
          className={menuStyles['menu'] ?? ''}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[g]}
          onAction={(key) => {
            choose(String(key))
          }}
        >
          {names.map((name) => {
            const filter = known.find(({ GroupName }) => GroupName === name)?.FilterExpression ?? ''
            return (
              <MenuItem key={name} id={name} textValue={name} className={menuStyles['choice'] ?? ''}>
                <span dir="auto">{name}</span>
                <span className={menuStyles['hint']}>{name === ALL ? 'All traces' : filter}</span>
              </MenuItem>
            )
          })}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
