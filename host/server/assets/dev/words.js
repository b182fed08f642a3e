// What the page says, in English and Chinese.
"use strict";
const WORDS = {
  again: ["Play again", "重演"], again_why: ["All of it once more, in a fresh bank, with the newest code (R)", "在全新的银行里用最新代码把这一切重做一遍（R）"],
  afresh: ["Begin anew", "重新开始"], afresh_why: ["A fresh bank in which nothing has happened (N)", "什么都还没有发生的全新银行（N）"],
  save: ["Save as scene", "存为场景"], save_why: ["What happened becomes a file in scenes/ (S)", "把发生的一切写成 scenes/ 里的文件（S）"],
  front: ["What people see", "用户所见"], past: ["What happened", "经过"], inside: ["What went on inside", "内部"],
  who: ["Who", "身份"], channel: ["Channel", "渠道"], locale: ["Language", "语言"], large: ["Large type", "大字"],
  customers: ["Customers", "客户"], staff: ["Staff", "员工"],
  phone: ["Phone", "手机"], web: ["Browser", "浏览器"], kiosk: ["Kiosk", "自助终端"], chat: ["Chat", "聊天"],
  visitor: ["visitor", "访客"], registered: ["registered", "已注册"], verified: ["verified", "已实名"], "account-holder": ["account holder", "持有账户"], manager: ["manager", "经理"], clerk: ["clerk", "柜员"], other: ["other", "其他"],
  minute: ["+1 min", "+1 分"], hour: ["+1 h", "+1 时"], day: ["+1 d", "+1 天"], clock_why: ["Time stands still until something happens", "时间停着，直到有事发生"],
  building: ["building…", "构建中…"], built: ["built in", "构建用时"], failed: ["does not build", "构建失败"], first: ["The first build runs. Compilers take their time once.", "正在进行第一次构建，编译器头一次会慢一些。"],
  still: ["The page is still the last release that could be built.", "页面仍是上一个构建成功的版本。"], nothing: ["No page is open.", "没有打开的页面。"], open: ["Open it", "打开"],
  back: ["Back (←)", "后退（←）"], forth: ["Forth (→)", "前进（→）"], elsewhere: ["Another branch", "另一支"], branches: ["branches off here", "由此分支"], gone: ["its copy is gone", "副本已不在"],
  state: ["State", "状态"], change: ["Change…", "修改…"], resume: ["Go on with it", "以此继续"], cancel: ["Cancel", "取消"], before: ["before", "之前"], after: ["after", "之后"], same: ["The state is as it was.", "状态未变。"], none: ["empty", "空"], bytes: ["bytes", "字节"],
  step: ["Step", "步骤"], event: ["Event", "事件"], sheet: ["Sheet", "确认单"], effects: ["Effects", "效果"], watch: ["Watches", "监听"], schema: ["State's schema", "状态版本"], release: ["Release", "版本"], background: ["in the background", "后台"],
  calls: ["Host calls", "宿主调用"], calls_none: ["It asked the host for nothing.", "没有调用宿主。"], arguments: ["arguments", "参数"], answer: ["answer", "回答"], refusedcall: ["refused", "被拒绝"],
  cost: ["Cost", "开销"], compute: ["Compute", "计算"], memory: ["Memory", "内存"], screen: ["Screen", "屏幕"], nodes: ["Nodes", "节点"], of: ["of", "／"],
  logs: ["Log", "日志"], none_ran: ["No program ran.", "没有运行程序。"],
  partner: ["Partners", "合作方"], partner_wait: ["waits for an answer", "在等待回答"], partner_none: ["No call waits for an answer.", "没有等待回答的调用。"], reply: ["Reply", "回复"], hang: ["Hang", "不响应"], away: ["Be away", "无法连接"], tell: ["Tell by itself…", "主动通知…"], status: ["Status", "状态码"], body: ["Body (JSON)", "正文（JSON）"], topic: ["Topic", "主题"], of_call: ["about the newest call", "关于最近一次调用"],
  core: ["The core keeps accounts", "核心系统管账户"], core_none: ["Nothing waits for the bank's core.", "没有等待核心系统的指令。"], core_code: ["Why it refuses", "拒绝原因"], "core-done": ["Done", "成功"], "core-refused": ["Refuse", "拒绝"], "core-pending": ["Works on it", "处理中"], "core-unknown": ["Does not know", "结果未知"], "core-silent": ["Say nothing", "无回应"], "core-away": ["Be away", "无法连接"],
  decide: ["The bank's sheet is open", "银行确认单已打开"], choose: ["Nothing chosen", "未选择"], upload_why: ["A file for this sheet", "给这张确认单的文件"], hand: ["Hand to the bank", "交给银行"], confirm: ["Confirm", "确认"], decline: ["Refuse", "拒绝"], expire: ["Let it run out", "让它过期"],
  inspection: ["What the inspection will say", "检查会怎么说"], where: ["Where", "位置"], mend: ["Mend", "修正"], explain: ["xitai explain", "xitai explain"],
  scene_name: ["File name", "文件名"], scene_title: ["Title", "标题"], replace: ["Replace what is there", "覆盖已有文件"], scene_lead: ["Everything up to where you stand becomes a file that `xitai test` plays.", "到当前位置为止的一切写成 `xitai test` 能演的文件。"], saved: ["Saved", "已保存"], turns: ["turns", "步"], refused_in: ["Refused in it", "其中被拒绝"], unlike: ["Drawn otherwise than you saw it, by newer code", "与你所见不同（代码更新过）"],
  keys: ["Keys", "快捷键"], keys_list: ["← →  back and forth · R play again · N begin anew · S save as scene · E change the state · W one minute on", "← → 前后 · R 重演 · N 重新开始 · S 存为场景 · E 修改状态 · W 前进一分钟"],
  held: ["The clock, the money and the people are a bank's that is thrown away. Nothing here reaches anybody.", "时钟、钱和人都属于一家用完即弃的银行，不会影响任何人。"], close: ["Close", "关闭"], lost: ["xitai dev has ended. Start it again in the program's folder.", "xitai dev 已结束，请在程序文件夹里重新启动。"], theme: ["Look", "外观"],
};
let language = localStorage.getItem("xitai.dev.language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
const t = key => (WORDS[key] ?? [key, key])[language === "zh" ? 1 : 0];
// The words of a code, in the reader's language.
const said = explained => explained ? [explained[language] ?? explained.en, explained["mend_" + language] ?? explained.mend_en] : ["", ""];
