// Every visible string of document 000, by the heading that it stands under, with the state in which it is visible.
// What stands in braces is an expression of the document whose value the test does not know: a number, a duration,
// or a time where the name ends in "_at". All else is there letter by letter, alone on its line or in its cell.

/** A string and where it is looked for. */
export interface Shown {
  text: string;
  /** The state in which it is visible: a key of `STATES` in document.spec.ts. */
  when: string;
  /** The region that shows it; the main part of the page without it. */
  in: string;
}

/** What stands under one heading. */
export interface Section {
  heading: string;
  strings: Shown[];
}

/** The main part of a page. */
const MAIN = "#main";
/** What an error says, without the buttons below it. */
const ERROR = "#main .error-sentence";

/** The card with a title. */
const card = (title: string) => `#main .card:has(> .card-head :text-is("${title}"))`;
/** The figure with a name. */
const figure = (name: string) => `#main .stat:has(.stat-label:text-is("${name}")) .stat-value`;
/** The fact with a name, among the facts of a call that can be made. */
const fact = (name: string) => `#main .api-facts > div:has(dt:text-is("${name}")) dd`;
/** The part of a record with a title. */
const part = (title: string) => `#main .log-part:has(h2:text-is("${title}"))`;
/** The heads of a table. */
const heads = (table: string) => `${table} thead`;
/** The rows of a table. */
const rows = (table: string) => `${table} tbody`;

const show = (when: string, region: string, ...texts: string[]): Shown[] => texts.map((text) => ({ text, when, in: region }));

/** A page that cannot be loaded says why, both when the server answers with an error and when it does not answer. */
const errors = (): Shown[] => [...show("error", ERROR, "服务器出现错误，请附上请求编号反馈。"), ...show("no answer", ERROR, "无法连接服务器，请检查网络。")];

/** The table of parameters, with all that its cells can hold. */
const parameters = (when: string): Shown[] => [
  ...show(when, heads(".param-table"), "key", "label", "type", "required", "example"),
  ...show(when, rows(".param-table"), "prompt", "Prompt", "textarea", "是", "a snowy mountain", "否", "-"),
];

export const DOCUMENT: Section[] = [
  {
    heading: "APIRequestWeb 用户控制台",
    strings: [...show("data", ".side", "APIRequestWeb 用户控制台", "管理您的异步任务"), ...show("data", ".top", "欢迎, reader")],
  },
  {
    heading: "用户仪表盘",
    strings: [
      ...show("loading", MAIN, "用户仪表盘", "加载中..."),
      ...errors(),
      ...show("data", MAIN, "用户仪表盘"),
      ...show("data", MAIN, "当前可用点数", "区间消耗点数", "区间获取点数", "净变化", "任务总数", "成功率", "失败率", "成功任务", "失败任务"),
      ...show("data", figure("当前可用点数"), "9,857"),
      ...show("data", figure("区间消耗点数"), "43"),
      ...show("data", figure("区间获取点数"), "10,000"),
      ...show("data", figure("净变化"), "+9,857"),
      ...show("data", figure("任务总数"), "5"),
      ...show("data", figure("成功率"), "75.0%"),
      ...show("data", figure("失败率"), "25.0%"),
      ...show("data", figure("成功任务"), "3"),
      ...show("data", figure("失败任务"), "1"),
      ...show("data", card("充值汇总"), "充值汇总", "净充值点数", "充值记录数", "充值点数", "反向充值点数"),
      ...show("data", figure("净充值点数"), "9,900"),
      ...show("data", figure("充值记录数"), "3"),
      ...show("data", figure("充值点数"), "10,000"),
      ...show("data", figure("反向充值点数"), "100"),
      ...show("data", card("我的功能消耗排行"), "我的功能消耗排行", "功能", "消耗次数", "成功率", "Picture", "1", "100.0%", "ID:{feature_id}"),
      ...show("data", card("我的API消耗排行"), "我的API消耗排行", "API", "调用次数", "消耗点数", "成功率", "Say", "3", "100.0%", "-"),
      ...show("data", card("我的充值记录"), "我的充值记录", "时间", "点数", "类型", "备注", "{created_at}", "+1,000", "first recharge", "-"),
      ...show("empty", figure("当前可用点数"), "0"),
      ...show("empty", figure("成功率"), "0.0%"),
      ...show("empty", figure("失败率"), "0.0%"),
      ...show("empty", card("我的功能消耗排行"), "我的功能消耗排行", "功能", "消耗次数", "成功率", "暂无数据"),
      ...show("empty", card("我的API消耗排行"), "我的API消耗排行", "API", "调用次数", "消耗点数", "成功率", "暂无数据"),
      ...show("empty", card("我的充值记录"), "我的充值记录", "时间", "点数", "类型", "备注", "暂无数据"),
    ],
  },
  {
    heading: "点数充值",
    strings: [
      ...show("loading", MAIN, "点数充值", "加载中..."),
      ...errors(),
      ...show("empty", MAIN, "点数充值", "暂无充值说明内容,请联系管理员在后台【系统设置】中配置。"),
      ...show("data", MAIN, "点数充值", "Pay at the desk on the first floor."),
    ],
  },
  {
    heading: "API 接口",
    strings: [
      // Both lists come with one answer, so one line says that they are on their way.
      ...show("loading", MAIN, "API 接口", "以下接口需要登录或提供 X-API-Key(也可用 ?api_key=)。", "加载中..."),
      ...errors(),
      ...show("empty", MAIN, "可用 API(0)", "暂无可用 API", "自定义接口(/api/*,0)", "暂无可见自定义接口", "请选择左侧 API 查看详情。"),
      ...show("data", MAIN, "API 接口", "以下接口需要登录或提供 X-API-Key(也可用 ?api_key=)。"),
      ...show("data", MAIN, "可用 API(4)", "自定义接口(/api/*,2)", "请选择左侧 API 查看详情。"),
      ...show("a feature", ".api-detail", "Picture", "Draws a picture."),
      ...show("a feature", ".api-detail", "点数消耗", "Endpoint", "参数(params)", "示例调用", "Header:X-API-Key(建议)"),
      ...show("a feature", fact("点数消耗"), "Ten points for each picture"),
      ...show("a feature", fact("Endpoint"), "POST /api/features/{ID}/tasks"),
      ...parameters("a feature"),
      ...show("a feature", ".api-samples .snippet", "curl -X POST 'http://127.0.0.1:{port}/api/features/{ID}/tasks' \\"),
      ...show("a feature without fields", ".api-detail", "Bare", "参数(params)", "该 API 未配置表单字段(form_schema)。"),
      ...show("a custom API", ".api-detail", "Say", "POST /api/document-say"),
      ...show("a custom API", ".api-detail", "点数消耗", "Endpoint", "参数(params)", "示例调用", "Header:X-API-Key(建议)"),
      ...show("a custom API", fact("点数消耗"), "1 / 次"),
      ...show("a custom API", fact("Endpoint"), "POST /api/document-say"),
      ...parameters("a custom API"),
      ...show("a custom API", ".api-samples .snippet", "curl -X POST 'http://127.0.0.1:{port}/api/document-say' \\"),
      ...show("a custom API without fields", ".api-detail", "GET /api/document-bare", "0 / 次", "该接口未配置可解析的表单字段(form_schema)。"),
    ],
  },
  {
    heading: "API 请求记录",
    strings: [
      ...show("loading", MAIN, "API 请求记录", "加载中..."),
      ...errors(),
      ...show("empty", MAIN, "API 请求记录", "暂无记录"),
      ...show("data", MAIN, "API 请求记录", "已选 0 条", "共 {apiLogTotal} 条,当前第 1 / {apiLogTotalPages} 页"),
      ...show("data", heads(".log-table"), "时间", "规则", "请求", "消耗点数", "状态码", "耗时", "来源IP", "操作"),
      ...show("data", rows(".log-table"), "{created_at}", "say", "POST /api/document-say", "1", "200", "{duration}", "127.0.0.1"),
      // No rule stands behind the endpoints of tasks.
      ...show("data", rows(".log-table"), "-", "GET /api/tasks", "0"),
      ...show("selected", MAIN, "已选 1 条"),
    ],
  },
  {
    heading: "API请求详情",
    strings: [
      ...show("loading", MAIN, "加载中..."),
      ...errors(),
      ...show("data", MAIN, "API请求详情", "时间:", "规则:", "消耗点数:", "请求:", "状态码:", "耗时:", "Query 参数", "请求体", "响应体", "错误信息"),
      ...show("data", ".log-facts", "{created_at}", "say", "1", "POST /api/document-say", "200", "{duration}"),
      ...show("data", part("Query 参数"), "colour=blue"),
      ...show("data", part("请求体"), '"prompt": "a quiet lake"'),
      ...show("data", part("响应体"), '"model": "stand-in-text-1",'),
      ...show("data", part("错误信息"), "-"),
      ...show("without anything", part("Query 参数"), "-"),
      ...show("without anything", part("请求体"), "-"),
      ...show("without anything", ".log-facts", "-"),
      ...show("failed", part("错误信息"), "failing as asked (500)"),
    ],
  },
  {
    heading: "异步任务列表",
    strings: [
      ...show("loading", MAIN, "异步任务列表", "加载中..."),
      ...errors(),
      ...show("empty", MAIN, "异步任务列表", "暂无任务"),
      ...show("data", MAIN, "异步任务列表", "已选: 0", "共 5 条", "每页", "第 1 页 / 共 1 页"),
      ...show("data", heads(".task-table"), "序号", "任务 ID", "名称", "分类", "功能名称", "状态", "重试次数", "运行时间", "创建时间", "更新时间", "操作"),
      ...show("data", rows(".task-table"), "1", "First picture", "Images", "Picture", "成功", "0", "{duration}", "-", "失败", "已取消"),
      ...show("selected", MAIN, "已选: 1"),
    ],
  },
  {
    heading: "个人中心",
    strings: [...show("data", ".nav", "个人中心"), ...show("data", MAIN, "个人中心"), ...show("loading", MAIN, "加载中..."), ...errors()],
  },
  {
    heading: "编辑任务",
    strings: [
      ...show("loading", MAIN, "编辑任务", "加载中..."),
      ...errors(),
      ...show("data", MAIN, "编辑任务", "保存后对下次运行/重试生效。", "暂无配置,请先到个人中心新增 Webhook 配置"),
    ],
  },
  {
    heading: "创建任务",
    strings: [
      ...show("loading", MAIN, "创建任务", "加载中..."),
      ...errors(),
      ...show("data", MAIN, "创建任务", "下载任务批量提交工具", "功能说明", "点数消耗提示", "Draws a picture.", "Ten points for each picture"),
      ...show("data", MAIN, "后台限制最大重试次数:3", "优先级:任务设置 > 功能设置 > 规则设置 > 全局默认;且不能小于最小值(默认 5 秒)"),
      ...show("data", MAIN, "可多选。任务成功后将推送到所选渠道。", "暂无配置,请先到个人中心新增 Webhook 配置"),
      ...show("without a limit", MAIN, "后台限制:无限制(允许设置 -1)"),
    ],
  },
  {
    heading: "任务详情",
    strings: [
      ...show("loading", MAIN, "加载中..."),
      ...errors(),
      ...show("data", MAIN, "任务详情", "运行时间", "重试次数", "更新时间", "所属功能", "结果字段"),
      ...show("data", ".headline", "成功", "#{id}", "{duration}", "0 / 3", "{updated_at}", "Picture"),
      // The second field has no label: its path stands in the place of it.
      ...show("data", card("结果字段"), "Address", "$.model", "stand-in-image-1"),
      ...show("data", card("错误信息"), "错误信息", "无错误信息"),
      ...show("data", ".fold:has(summary :text-is('请求参数'))", 'prompt: "a red boat"'),
      ...show("data", ".fold:has(summary :text-is('请求头'))", 'X-Where: "on the lake"'),
      ...show("data", ".fold:has(summary :text-is('响应'))", 'model: "stand-in-image-1"'),
      ...show("data", card("尝试记录"), "每页", "#1 | {created_at}", "status=200", "第 1 页 / 共 1 页(1 条)"),
      ...show("failed", ".headline", "失败"),
      ...show("failed", card("结果字段"), "该功能未配置结果字段"),
      ...show("failed", card("错误信息"), "错误信息", "failing as asked (500)"),
      ...show("failed", card("尝试记录"), "#2 | {created_at}", "#1 | {created_at}", "status=500", "failing as asked (500)", "第 1 页 / 共 1 页(2 条)"),
      ...show("not tried", ".headline", "已取消"),
      ...show("not tried", card("尝试记录"), "暂无记录", "第 1 页 / 共 1 页(0 条)"),
      ...show("loading attempts", card("尝试记录"), "每页", "加载中..."),
    ],
  },
];
