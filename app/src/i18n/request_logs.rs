//! Texts of the record of requests.

texts! {
    /// The record of requests.
    pub struct RequestLogs {
        title: "API 请求记录", "API request logs";
        lead: "自定义接口与任务接口的每次调用；密钥、密码等敏感内容已脱敏。", "Every call of a custom API or a task endpoint. Keys, passwords and the like are masked.";
        selected: "已选 {n} 条", "{n} selected";
        select_all: "选择本页全部记录", "Select all records of this page";
        select_one: "选择记录 {id}", "Select record {id}";
        clear_selection: "取消选择", "Clear selection";
        column_time: "时间", "Time";
        column_rule: "规则", "Rule";
        column_request: "请求", "Request";
        column_points: "消耗点数", "Points";
        column_status: "状态码", "Status";
        column_duration: "耗时", "Duration";
        column_address: "来源IP", "Source IP";
        total: "共 {n} 条,当前第 {x} / {y} 页", "{n} in all, page {x} of {y}";
        detail: "详情", "Details";
        detail_of: "记录 {id} 的详情", "Details of record {id}";
        delete: "删除", "Delete";
        delete_of: "删除记录 {id}", "Delete record {id}";
        delete_title: "删除请求记录", "Delete request logs";
        ask_delete: "将删除 {n} 条请求记录，删除后无法恢复。点数流水不受影响。", "{n} request logs will be deleted. This cannot be undone. Movements of points stay.";
        deleted: "已删除 {n} 条", "{n} deleted";
        export: "导出 CSV", "Export CSV";
        filters: "筛选请求记录", "Filter request logs";
        any_rule: "全部规则", "All rules";
        any_status: "全部状态码", "All statuses";
        any_method: "全部方法", "All methods";
        any_key: "全部密钥", "All keys";
        status_2xx: "2xx 成功", "2xx success";
        status_3xx: "3xx 重定向", "3xx redirection";
        status_4xx: "4xx 请求有误", "4xx client error";
        status_5xx: "5xx 服务出错", "5xx server error";
        method: "方法", "Method";
        key: "密钥", "Key";
        path: "路径，如 /api/tasks/*，或请求编号", "Path, such as /api/tasks/*, or a request id";
        path_label: "路径或请求编号", "Path or request id";
        address: "来源 IP", "Source IP";
        searched: "同时使用多个条件时，仅在最近 5,000 条中查找；更早的记录请缩小时间范围。", "With more than one filter, the newest 5,000 are searched. Set a range of time to go further back.";
        clear_filters: "清除筛选", "Clear filters";
        empty_text: "用 API 密钥调用任一接口后，请求会记录在这里。", "Call any endpoint with an API key, and the request shows up here.";
        empty_filtered: "没有符合条件的记录", "No record matches";
        empty_filtered_text: "试试放宽筛选条件，或清除全部筛选。", "Try fewer filters, or clear them all.";

        detail_title: "API请求详情", "API request";
        label_time: "时间:", "Time: ";
        label_rule: "规则:", "Rule: ";
        label_points: "消耗点数:", "Points: ";
        label_request: "请求:", "Request: ";
        label_status: "状态码:", "Status: ";
        label_duration: "耗时:", "Duration: ";
        label_address: "来源IP:", "Source IP: ";
        label_key: "密钥:", "Key: ";
        label_request_id: "请求编号:", "Request id: ";
        label_call: "调用编号:", "Call id: ";
        session: "网页会话", "Session";
        key_number: "密钥 #{id}", "Key #{id}";
        query: "Query 参数", "Query string";
        request_body: "请求体", "Request body";
        response_body: "响应体", "Response body";
        error: "错误信息", "Error";
        masked_note: "敏感内容显示为 ***，过长的正文已截断。", "Secrets are shown as ***, long bodies are cut.";
    }
}
