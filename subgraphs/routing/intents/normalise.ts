/** Traditional characters that carry our rules' words, each beside its simplified form. */
const PAIRS =
  '開开發发貨货單单號号點点錢钱請请寫写錯错門门車车後后來来時时間间謝谢麻麻煩烦週周禮礼媽妈爺爷嬤嬷壽寿單单標标價价樓楼' +
  '個个這这還还補补條条蓋盖訂订裡里裝装現现預预購购員员電电話话聯联繫系絡络應应為为須须換换舊旧碼码顏颜幫帮機机關关於于' +
  '離离歲岁學学親亲處处寶宝務务費费運运輕轻壓压紙纸鮮鲜凍冻藏藏險险隱隐優优順顺豐丰東东圓圆韻韵達达極极國国慶庆節节' +
  '歸归該该讓让給给盡尽馬马們们別别勿勿無无從从進进過过樣样齊齐剩剩餘余併并雙双兩两頭头據据稅税額额滿满邊边衛卫'

const SIMPLE = new Map<string, string>()
for (let i = 0; i + 1 < PAIRS.length; i += 2) SIMPLE.set(PAIRS.charAt(i), PAIRS.charAt(i + 1))

/**
 * Simplified, half width, lower case: one unit for each unit of the input, so that a span found here is a span of the
 * original. Quoted passages of four characters and more are blanked: they cite somebody, and ask for nothing.
 */
export function normalise(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    const code = char.charCodeAt(0)
    if (code >= 0xff01 && code <= 0xff5e && !KEPT.includes(char))
      out += String.fromCharCode(code - 0xfee0).toLowerCase()
    else if (code >= 65 && code <= 90) out += String.fromCharCode(code + 32)
    else out += SIMPLE.get(char) ?? char
  }
  return out.replace(/[“「][^“”「」]{4,}[”」]/g, quoted => '\u25a1'.repeat(quoted.length))
}

/** Full-width punctuation that the clause splitter knows as it is. */
const KEPT = '，；！？'
