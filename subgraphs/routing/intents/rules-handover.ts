import { IntentCode } from './intent-model.ts'
import type { Rule } from './rule.ts'

const PLACE =
  '(门口|门边|门外|驿站|丰巢|快递柜|柜子?里?|蜂巢|前台|物业|门卫|保安|岗亭|传达室|收发室|代收点|自提点|自提柜|团长|超市|小卖部|便利店|车库|护士站|门把手|鞋柜|消防栓|值班室|邻居|隔壁|信箱|奶箱|大堂|窗台)'
const CALLING =
  '(打(个|我|他|她|一?下)?(的)?(手机|电话)|打我|拨|call|响个?(电话)?|吱一?声|联系|电联|招呼|通知|知会|说一声|电话|发(个)?(消息|微信|短信))'

/** How the parcel changes hands: pick-up, left somewhere, to the door, with a call or without. */
export const HANDOVER_RULES: readonly Rule[] = [
  {
    code: IntentCode.STORE_PICKUP,
    when: /(自提(?![点柜])|自取|自己(过|上)?(来|去)(店里?|仓库?)?(拿|取|提)|到店(里)?(取|拿|提|自))/g
  },
  {
    code: IntentCode.STORE_PICKUP,
    when: /(去|来|到)(你们?家?|贵司)?[^，,]{0,8}(店|仓|门市)[^，,]{0,3}(取|拿|提|装货)/g
  },
  {
    code: IntentCode.STORE_PICKUP,
    when: /(放|搁|留|送)(在|到)?(你们?)?店里?[^。]{0,14}(去|来)(拿|取|提)/g,
    wide: true
  },
  {
    code: IntentCode.LEAVE_AT,
    when: new RegExp(`(放|搁|扔|丢|存|挂|塞|留|寄存|送)(在|到|去|进|给)?[^，,]{0,8}${PLACE}`, 'g'),
    unless: /送到?家|当面|本人|交到|老(是|给)|快递员老|门口交|门口给|(能|会)自提/,
    negated: IntentCode.TO_DOOR
  },
  {
    code: IntentCode.LEAVE_AT,
    when: /(物业|门卫|保安|前台|邻居|同事|室友|家人|老[张王李赵徐刘陈])[^，,]{0,4}(代收|代签|会签|帮(忙)?(收|签)|签收?)|(让|由|请|找)[^，,]{0,8}(代收|代签|帮(忙)?收)/g,
    unless: /本人/
  },
  {
    code: IntentCode.LEAVE_AT,
    when: /放(在)?[^，,]{1,10}(就行|就好|就得|即可|就可以|旁)/g,
    unless: /店|卡|冰|小票|箱里/,
    confidence: 0.6
  },
  {
    code: IntentCode.TO_DOOR,
    when: /送货上门|送上(门|楼|来)|送货?到?(我)?(家里?|门上|户)(来|去)?(?!附近|楼下)|入户|(抬|搬|扛|卸|送|拿)(货|到|上|进|至)[^，,]{0,10}([0-9一二三四五六七八九十]+[楼层f]|楼上|家门口|房里?|库房|屋里?|展位|室)|(当面|亲手)(交|给|签|收)|交到[^，,]{0,6}手|本人(签|收)|送楼上/g,
    unless: /驿站送|寄回/
  },
  {
    code: IntentCode.TO_DOOR,
    when: /(别|不要|不能|勿|莫|拒绝)[^，,]{0,4}(进|塞|投|用)[^，,]{0,3}(柜|驿站|丰巢|代收)/g,
    negated: 'keep'
  },
  {
    code: IntentCode.CALL_FIRST,
    when: new RegExp(
      `(提前|事先|先|来之?前|送之?前|[来送派上]货?[楼门]?之?前|派送前|前一(天|晚)|到了|到达|到货前|到楼下|到门口|到的时候|前[0-9一二三半两]+个?(小时|分钟|天))[^，,]{0,10}${CALLING}`,
      'g'
    ),
    unless: /(别|不要|不用|勿|莫)(再)?(打|拨|来电|联系)|看app/
  },
  {
    code: IntentCode.CALL_FIRST,
    when: /打(个)?电话(再|后再)(来|送|上)|电话(预约|约时间)|保持电话联系|电话联系(再|我|收货)/g
  },
  {
    code: IntentCode.NO_CALL,
    when: /(不要|别|勿|不用|不必|莫|不准|不许|甭|谢绝|拒绝)(再|老|一直|随便|乱|总)?(给)?(我|他|她|客户|老人)?(打|拨|来|call)(我|他|她)?(的)?(电话|手机|电|(?=$|[，,了]))/g,
    unless: /别打(包|折|碎|开|木|湿|烂|架)/,
    negated: 'keep',
    confidence: 0.9
  },
  {
    code: IntentCode.NO_CALL,
    when: /勿扰|免打扰|(手机|电话)[^，,]{0,2}静音|(不方便|不便|不能|不让|没法|不许|无法)[^，,]{0,2}接(电话|听|$)|接不(了|到)电话|(别|勿)来电/g,
    negated: 'keep'
  }
]
