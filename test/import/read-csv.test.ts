import { openTable } from '../../gateway/import/open-table.ts'
import { files } from './given.ts'

async function read(text: string): Promise<readonly string[]> {
  await using place = await files()
  const table = await openTable(await place.write('t.csv', text))
  const rows: string[] = []
  for await (const { line, cells, problem } of table.rows()) rows.push(`${line} ${problem ?? cells.join('|')}`)
  return rows
}

const QUOTE = 'a quote stands in the middle of a value; double it or quote the whole value'

describe('a CSV file', () => {
  test.each([
    ['\ufeffa,b\n1,2\n', ['2 1|2']],
    ['a,b\r\n\r\n1,2\r\n\r\n3,4', ['3 1|2', '5 3|4']],
    ['a,b\n"1\n1",2\n3,4\n', ['3 1\n1|2', '4 3|4']],
    ['a,b\n"say ""hi""",2\n', ['2 say "hi"|2']],
    [
      'a,b\n1\n2,3\n4,5,6\n7,8,,\n',
      ['2 has 1 columns instead of 2', '3 2|3', '4 has 3 columns instead of 2', '5 7|8||']
    ],
    ['a,b\n', []]
  ])('%j is read', async (text, rows) => {
    expect(await read(text)).toEqual(rows)
  })

  test.each(['\n', '\r\n'])('loses no line after a stray quote (line end %j)', async end => {
    const lines = ['a,b', '1,é', '"2"x,2', '3,3', '', '4,"4" 4', '5,"5', '5"', '6,6']
    expect(await read(lines.join(end))).toEqual(['2 1|é', `3 ${QUOTE}`, '4 3|3', `6 ${QUOTE}`, `8 5|5${end}5`, '9 6|6'])
  })

  test('takes only the line with the stray quote, though a quoted value follows', async () => {
    expect(await read('a,b\n1,"1\n2,"2"\n3,3\n')).toEqual([`2 ${QUOTE}`, '3 2|2', '4 3|3'])
  })

  test('is read on behind a stray quote far into it', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => (i % 10_000 === 5000 ? `"${i}"x,y` : `${i},y`))
    const read30 = await read(`a,b\n${rows.join('\n')}\n`)
    expect(read30.length).toBe(30_000)
    expect(read30.filter(row => row.endsWith(QUOTE))).toEqual([5002, 15_002, 25_002].map(line => `${line} ${QUOTE}`))
    expect(read30.at(-1)).toBe('30001 29999|y')
  })
})
