/** The passages a flag of the model is like: shown to those who decide, covered, and to nobody else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exampleFinder } from '../../cli/examples.ts'
import { openSite, readable } from './site.ts'
import type { Site } from './site.ts'
import { articleOf, findingOf, flagOf } from './world.ts'

const article = articleOf({
  id: 'exampleexample000001',
  source: 'moravski-vesnik',
  url: 'https://moravski-vesnik.example/2',
  at: '2026-07-19T08:00:00.000Z',
  title: 'Govor na trgu',
  text: 'Govorio je dugo. Oni će opet doći po sve. Publika je šutjela.',
})
const examples = [
  { id: 'wa-0001a', similarity: 0.94 },
  { id: 'wa-0002b', similarity: 0.8 },
  { id: 'gone-0003a', similarity: 0.7 },
]
const flag = flagOf(article, 'Oni će opet doći po sve.', 'opet doći po sve', {
  ...{ category: 'threat', severity: 4, rule: 'model', tier: 'model', examples },
})
const passages = new Map([
  ['wa-0001a', { language: 'mk', label: 'threat/mirror', before: 'Пред ', marked: '<пак>', after: ' по.' }],
  ['wa-0002b', { language: 'hr', label: 'none', before: 'Prije ', marked: 'opet', after: ' poslije.' }],
] as const)

let site: Site
beforeAll(async () => {
  const finding = findingOf(article, 'hr', 'Latn', [flag])
  site = await openSite({
    entries: [
      { kind: 'article', article },
      { kind: 'finding', finding },
    ],
    example: id => passages.get(id as 'wa-0001a'),
  })
})
afterAll(() => site.close())

test('a reviewer sees what they are, how alike, and their words behind a cover', async () => {
  const { text } = await site.as('monitor').get(`/items/${article.id}`)
  const list = /<details class="examples">[\s\S]*?<\/ul>/u.exec(text)![0]
  expect(readable(list)).toMatch(/threat, mirror.*wa-0001a.*94 % alike.*harmless.*wa-0002b.*80 % alike/su)
  expect(list).not.toContain('gone-0003a')
  expect(list.match(/<details class="cover block"/gu)).toHaveLength(2)
  expect(list).not.toContain('<пак>')
  expect(list).toContain('<mark>&lt;пак&gt;</mark>')
  expect(readable(text)).toContain('the model alone')
})

test('others do not', async () => {
  for (const name of ['viewer', 'researcher'])
    expect((await site.as(name).get(`/items/${article.id}`)).text).not.toContain('class="examples"')
})

test('the corpus is read when the first is asked for', () => {
  const find = exampleFinder()
  const found = find('wa-0001a')!
  expect(found.language).toBe('mk')
  expect(found.marked).not.toBe('')
  expect(found.before + found.marked + found.after).not.toMatch(/[⟦⟧]/u)
  expect(find('zz-9999z')).toBeUndefined()
})
