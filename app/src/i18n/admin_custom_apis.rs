//! Texts of the administration of custom APIs.

texts! {
    /// The administration of custom APIs.
    pub struct AdminCustomApis {
        title: "自定义接口", "Custom APIs";
        lead: "定义 /api/* 下同步返回的计费接口，每次调用经规则转发到上游。", "Priced endpoints under /api/* that answer at once. A rule calls the upstream for each call.";
        new: "新建接口", "New API";
        edit: "编辑接口", "Edit API";
        column_name: "名称", "Name";
        column_endpoint: "接口", "Endpoint";
        column_rule: "规则", "Rule";
        column_points: "点数 / 次", "Points per call";
        column_state: "状态", "State";
        hidden: "不公开", "Hidden";
        empty: "暂无自定义接口", "No custom APIs yet";
        empty_text: "先准备好渠道和规则，再定义第一个接口；也可用 catalog apply 导入。", "With a channel and a rule in place, define the first one here, or apply a catalog.";
        enable: "启用", "Switch on";
        disable: "停用", "Switch off";
        delete: "删除", "Delete";
        delete_title: "删除自定义接口", "Delete custom API";
        ask_delete: "将删除接口“{name}”，调用方会立即收到 404。请求记录与点数流水会保留。", "“{name}” will be deleted, and callers get 404 at once. Request logs and movements of points stay.";
        saved: "已保存", "Saved";
        deleted: "已删除", "Deleted";
        key: "标识", "Key";
        key_help: "以字母开头，可含字母、数字和 _-.；catalog 以此识别。", "Begins with a letter; letters, digits and _-. follow. A catalog knows the API by it.";
        name: "名称", "Name";
        description: "说明", "Description";
        method: "方法", "Method";
        method_help: "GET 和 DELETE 的参数在 Query 中，其他方法为 JSON 请求体。", "GET and DELETE take parameters from the query string, others from a JSON body.";
        path: "路径", "Path";
        path_help: "以 /api/ 开头；花括号内是路径参数，须在表单字段中定义。", "Begins with /api/. Parts in braces are parameters, which the form fields must define.";
        platform: "平台", "Platform";
        rule: "规则", "Rule";
        rule_help: "仅列出同步规则（没有轮询）。", "Only rules that answer at once (without polling).";
        points: "每次点数", "Points per call";
        order: "排序", "Order";
        order_help: "小的在前。", "Smallest first.";
        form_schema: "表单字段(form_schema)", "Form fields (form_schema)";
        form_schema_help: "JSON 数组，每项含 key，可含 label、type、required、default、example、min、max、options 等。", "A JSON array. Each item has a key, and may have label, type, required, default, example, min, max, options.";
        bad_schema: "不是有效的字段数组：{detail}", "Not an array of fields: {detail}";
        preview: "字段预览", "Preview of the fields";
        visible: "在接口列表中公开", "Listed";
        visible_help: "不公开的接口仍可调用。", "One that is not listed can be called all the same.";
        enabled: "启用", "Switched on";
        enabled_help: "停用后调用返回 404。", "Calls are answered with 404 while it is off.";
        no_rules: "还没有可用的规则或渠道，请先创建。", "There is no rule or channel yet. Make those first.";
        basics: "基本信息", "What it is";
        upstream: "上游", "Upstream";
        choose: "请选择", "Choose…";
    }
}
