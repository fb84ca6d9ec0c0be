import { expect, test } from 'vitest'
import { isCharacter, nameOfKey } from './read-key.ts'

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

test.for<[Parameters<typeof nameOfKey>[0], string, string]>([
  [{ ...none, key: 'e' }, 'e', 'a letter'],
  [{ ...none, key: 'E', shiftKey: true }, 'E', 'a capital needs no Shift in its name'],
  [{ ...none, key: '?', shiftKey: true }, '?', 'nor does what Shift makes of another key'],
  [{ ...none, key: '[', ctrlKey: true, altKey: true }, '[', 'AltGr on a German keyboard is neither Ctrl nor Alt'],
  [{ ...none, key: 'k', ctrlKey: true }, 'Mod+k', 'Ctrl'],
  [{ ...none, key: 'k', metaKey: true }, 'Mod+k', 'Command'],
  [{ ...none, key: 'ArrowRight', shiftKey: true }, 'Shift+ArrowRight', 'a key with a name'],
  [{ ...none, key: 'ArrowLeft', altKey: true }, 'Alt+ArrowLeft', 'Alt'],
  [{ ...none, key: 'Escape' }, 'Escape', 'Escape'],
])('%j is %s: %s', ([event, expected]) => {
  expect(nameOfKey(event)).toBe(expected)
})

test('a character is one, however many units it has', () => {
  expect(['a', 'ä', '😀', 'Enter', 'Mod+k'].map(isCharacter)).toEqual([true, true, true, false, false])
})
